// IndexFolder: where indices of headers are kept between mounts, one file for each manifest.
//
// It is a cache in the sense of the XDG base directory specification: whatever it holds can be deleted at any
// time, and nothing but time is lost when it cannot be read or written. Several mounts may use one folder at
// once: a file is replaced as a whole, so that a reader finds the old or the new one. Only what belongs to
// this user and nobody else could have written is believed. Thread-safe.
#pragma once

#include <optional>
#include <string>

#include "fs/files/header_index.h"

namespace ndcat {

class IndexFolder {
 public:
  /// The folder is made when the first index is saved.
  explicit IndexFolder(std::string path) : path_(std::move(path)) {}
  /// $XDG_CACHE_HOME/ndcat, or $HOME/.cache/ndcat; empty when neither is an absolute path.
  static std::string of_user();

  /// The index of the manifest at `manifest` (its absolute path), or nothing.
  [[nodiscard]] std::optional<HeaderIndex> load(const std::string& manifest) const;
  /// Keeps `index` and drops the oldest of more than kMostFiles. False when it could not be kept.
  bool save(const std::string& manifest, const HeaderIndex& index) const;

  static constexpr std::size_t kMostFiles = 32;

 private:
  [[nodiscard]] std::string file_of(const std::string& manifest) const;
  void drop_oldest() const;

  std::string path_;
};

}  // namespace ndcat
