// InodeTable: which inode number stands for what, for as long as the kernel remembers it.
//
// A virtual file's number is made of its snapshot's number and its kind: a new snapshot has new inodes, and
// the maps of the old one never change under their readers. A folder's number belongs to its path. No number
// is used twice for different things. Thread-safe.
#pragma once

#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <unordered_map>

#include "fs/files/snapshot.h"

namespace ndcat {

using InodeNumber = std::uint64_t;
inline constexpr InodeNumber kRootInode = 1;

/// A folder when `snapshot` is null. Immutable.
struct Node {
  InodeNumber number = 0;
  std::string path = {};  // of a folder, below the root; of a file, that of its folder
  std::shared_ptr<const Snapshot> snapshot = {};  // of a file
  VirtualKind kind = VirtualKind::npy;
  std::string manifest = {};      // of a file: the path of its manifest, for the extended attribute
  bool is_for_appending = false;  // of a raw file: see appending.cc

  [[nodiscard]] bool is_folder() const { return snapshot == nullptr; }
};
using NodeReference = std::shared_ptr<const Node>;

class InodeTable {
 public:
  InodeTable();

  /// Null for a number that the kernel has not been told, or has forgotten.
  [[nodiscard]] NodeReference find(InodeNumber number) const;

  /// Counts one more lookup by the kernel; each must be forgotten once.
  NodeReference look_up_folder(const std::string& path);
  NodeReference look_up_file(Node node);
  /// The kernel's FORGET: takes back `count` lookups.
  void forget(InodeNumber number, std::uint64_t count);

  /// Without counting: what st_ino and d_ino say.
  [[nodiscard]] InodeNumber folder_number(const std::string& path);
  [[nodiscard]] static InodeNumber file_number(const Snapshot& snapshot, VirtualKind kind,
                                               bool is_for_appending = false);

 private:
  struct Entry {
    NodeReference node;
    std::uint64_t lookups = 0;
  };

  NodeReference count_lookup(InodeNumber number, Node&& node);

  mutable std::mutex mutex_;
  std::unordered_map<InodeNumber, Entry> entries_;
  // Kept for ever: a folder keeps its number while the kernel forgets it and looks it up again.
  std::unordered_map<std::string, InodeNumber> folder_numbers_;
};

}  // namespace ndcat
