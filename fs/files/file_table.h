// FileTable: every source file that a resolve has probed, as it was then.
//
// 100 000 sources are usual: an entry is 88 bytes and the bytes of its name, folders are stored once. Written
// by one FileProbe, then immutable and thread-safe.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "core/algebra/piece.h"
#include "fs/files/file_identity.h"
#include "fs/files/file_system_kind.h"

namespace ndcat {

struct DeviceInfo {
  std::uint64_t device = 0;
  FileSystemKind kind;
};

class FileTable {
 public:
  [[nodiscard]] std::size_t size() const { return entries_.size(); }
  [[nodiscard]] std::string path(SourceId id) const;
  [[nodiscard]] const FileIdentity& identity(SourceId id) const { return entries_[id].identity; }
  /// Of the NumPy header that was parsed, 0 when the file has none: see header_hash().
  [[nodiscard]] std::uint64_t header_hash(SourceId id) const { return entries_[id].header_hash; }
  /// The devices that the files live on, distinct.
  [[nodiscard]] const std::vector<DeviceInfo>& devices() const { return devices_; }
  /// Some live in memory only, where times may fail to show a change (see FileSystemKind).
  [[nodiscard]] bool has_memory_files() const;

  /// The same path to the same file has one id, also when it was written to between two looks: as it was at
  /// the first. Precondition: paths hold no NUL byte.
  SourceId add(const std::string& path, const FileIdentity& identity, std::uint64_t header_hash);
  /// True for a path that was added, before finish().
  [[nodiscard]] bool contains(const std::string& path) const;
  /// A source that may grow at its end while it is open, with its NumPy header as it was read.
  void set_growing(SourceId id, std::string header) { growing_ = {id, std::move(header)}; }
  /// Null unless the source is one.
  [[nodiscard]] const std::string* growing_header(SourceId id) const {
    return growing_ && growing_->id == id ? &growing_->header : nullptr;
  }
  void set_header_hash(SourceId id, std::uint64_t hash) { entries_[id].header_hash = hash; }
  void add_device(const DeviceInfo& device);
  [[nodiscard]] const DeviceInfo* find_device(std::uint64_t device) const;
  /// No more will be added: gives back what only adding needs.
  void finish();

  /// The same files in the same order, unchanged; `other` may have been probed later.
  [[nodiscard]] bool same_files(const FileTable& other) const;
  /// The same files in the same order, of the same size, owner and mode, with the same NumPy headers; what
  /// they hold may have changed.
  [[nodiscard]] bool same_but_for_times(const FileTable& other) const;
  /// The same files in the same order, whatever has become of them.
  [[nodiscard]] bool has_same_inodes(const FileTable& other) const;
  /// As same_but_for_times(), but that the growing source may be longer in `other`, and its header say so.
  [[nodiscard]] bool grows_to(const FileTable& other) const;

 private:
  struct Entry {
    FileIdentity identity;
    std::uint64_t header_hash;
    std::size_t name_begin;  // in names_, ended by a NUL
    std::uint32_t folder;
  };
  std::uint32_t folder_index(std::string_view folder);
  template <class Same>
  [[nodiscard]] bool same_entries(const FileTable& other, Same same) const;

  struct Growing {
    SourceId id = 0;
    std::string header;
  };

  std::vector<Entry> entries_;
  std::optional<Growing> growing_;
  std::vector<std::string> folders_;  // "/data/" with its slash, "" for relative paths without one
  std::string names_;
  std::vector<DeviceInfo> devices_;
  std::unordered_map<std::string, std::uint32_t> folder_numbers_;
  std::unordered_multimap<std::size_t, SourceId> by_path_;
};

/// The NumPy header that `head` begins with; empty when there is none or it is not complete in `head`.
[[nodiscard]] std::string_view numpy_header_in(std::string_view head);
/// A hash of the NumPy header that `head` begins with; 0 when there is none or it is not complete in `head`.
[[nodiscard]] std::uint64_t header_hash(std::string_view head);

}  // namespace ndcat
