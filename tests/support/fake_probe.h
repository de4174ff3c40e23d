// FakeProbe: files that exist only in a test, for code that sees files through Probe.
#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "core/algebra/array_size.h"
#include "manifests/numpy_header.h"
#include "manifests/probe.h"
#include "manifests/words/dtype_text.h"

namespace ndcat {

/// Paths are plain texts; folders exist where files lie below them. Counts what it is asked.
class FakeProbe : public Probe {
 public:
  struct File {
    std::string head;  // the content, or its beginning
    Index size = 0;    // bytes, possibly more than `head` has
    ProbeFailure failure = ProbeFailure::none;
    std::string reason;
    std::string identity;  // empty: the path
  };

  void add(const std::string& path, std::string content) {
    const auto size = static_cast<Index>(content.size());
    files_[path] = {std::move(content), size, ProbeFailure::none, "", ""};
  }
  /// A raw file of `size` bytes whose values do not matter.
  void add_raw(const std::string& path, Index size) { files_[path] = {"", size, ProbeFailure::none, "", ""}; }
  /// A .npy file, its array's bytes not there; `extra` bytes follow it (or are lacking, when negative).
  void add_npy(const std::string& path, const std::string& dtype, const Shape& shape, Order order = Order::c,
               Index extra = 0) {
    const Dtype parsed = *parse_dtype(std::string_view(dtype));
    const std::string header = *write_numpy_header(parsed, shape, order);
    const Index bytes = *array_size(parsed, shape);
    files_[path] = {header, static_cast<Index>(header.size()) + bytes + extra, ProbeFailure::none, "", ""};
  }
  void refuse(const std::string& path, const std::string& reason) {
    files_[path] = {"", 0, ProbeFailure::refused, reason, ""};
  }
  void refuse_folder(const std::string& path, const std::string& reason) { refused_folders_[path] = reason; }
  /// `path` shows the folder `target`, as a symbolic link does.
  void link_folder(const std::string& path, const std::string& target) { links_[path] = target; }
  void set_identity(const std::string& path, const std::string& identity) {
    files_[path].identity = identity;
  }

  void prefetch(std::span<const std::string> paths, Index /*head_bytes*/) override {
    prefetched += paths.size();
  }
  ProbedFile source(const std::string& path, Index head_bytes) override {
    ++sources_asked;
    const File* const file = find(path);
    if (file == nullptr) return {ProbeFailure::absent, "no such file", 0, 0, ""};
    if (file->failure != ProbeFailure::none) return {file->failure, file->reason, 0, 0, ""};
    ids_.push_back(file);
    return {ProbeFailure::none, "", static_cast<SourceId>(ids_.size() - 1), file->size,
            file->head.substr(0, static_cast<std::size_t>(head_bytes))};
  }
  Result<std::string> head(SourceId id, Index length) override {
    return ids_[id]->head.substr(0, static_cast<std::size_t>(length));
  }
  ProbedText manifest(const std::string& path, Index limit) override {
    ++manifests_asked;
    const File* const file = find(path);
    if (file == nullptr) return {ProbeFailure::absent, "no such file", "", ""};
    if (file->failure != ProbeFailure::none) return {file->failure, file->reason, "", ""};
    if (file->size > limit) return {ProbeFailure::refused, "longer than 64 MiB", "", ""};
    return {ProbeFailure::none, "", file->head, file->identity.empty() ? real(path) : file->identity};
  }
  ProbedDirectory directory(const std::string& path) override {
    ++directories_asked;
    std::string folder = path;
    while (folder.size() > 1 && folder.ends_with('/')) folder.pop_back();
    if (folder == ".") folder = "";
    if (const auto refused = refused_folders_.find(folder); refused != refused_folders_.end()) {
      return {ProbeFailure::refused, refused->second, {}, ""};
    }
    folder = real(folder);
    const std::string prefix = folder.empty() || folder == "/" ? folder : folder + "/";
    ProbedDirectory result;
    result.identity = folder;
    std::map<std::string, bool> entries;
    for (const auto& [name, file] : files_) add_entry(entries, prefix, name, false);
    for (const auto& [name, target] : links_) add_entry(entries, prefix, name, true);
    for (const auto& [name, reason] : refused_folders_) add_entry(entries, prefix, name, true);
    if (entries.empty()) return {ProbeFailure::absent, "no such folder", {}, ""};
    for (const auto& [name, is_directory] : entries) result.entries.push_back({name, is_directory});
    return result;
  }

  std::size_t sources_asked = 0, manifests_asked = 0, directories_asked = 0, prefetched = 0;

 private:
  static void add_entry(std::map<std::string, bool>& entries, const std::string& prefix,
                        const std::string& name, bool is_directory) {
    if (!name.starts_with(prefix) || name.size() == prefix.size()) return;
    const std::string rest = name.substr(prefix.size());
    const std::size_t slash = rest.find('/');
    entries[rest.substr(0, slash)] |= is_directory || slash != std::string::npos;
  }
  /// The path with linked folders replaced; a bounded number of times, as links may form a loop.
  std::string real(std::string path) const {
    path = std::filesystem::path(path).lexically_normal().string();
    while (path.size() > 1 && path.ends_with('/')) path.pop_back();
    for (int round = 0; round < 40; ++round) {
      bool changed = false;
      for (const auto& [link, target] : links_) {
        if (path == link || path.starts_with(link + "/")) {
          path = target + path.substr(link.size());
          if (path.starts_with('/') && target.empty()) path.erase(0, 1);
          changed = true;
        }
      }
      if (!changed) break;
    }
    return path;
  }
  const File* find(const std::string& path) const {
    const auto found = files_.find(real(path));
    return found == files_.end() ? nullptr : &found->second;
  }

  std::map<std::string, File> files_;
  std::map<std::string, std::string> refused_folders_, links_;
  std::vector<const File*> ids_;
};

}  // namespace ndcat
