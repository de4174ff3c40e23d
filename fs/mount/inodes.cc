#include "fs/mount/inodes.h"

#include <utility>

namespace ndcat {
namespace {

// The last bits of an inode number say what it is: a kind of virtual file, or a folder. Number 1 stays the
// root's.
constexpr InodeNumber kStep = 8;
constexpr InodeNumber kFolder = 7;
constexpr InodeNumber kForAppending = 4;

}  // namespace

InodeTable::InodeTable() {
  entries_[kRootInode] = {std::make_shared<const Node>(Node{.number = kRootInode}), 1};
  folder_numbers_[""] = kRootInode;
}

NodeReference InodeTable::find(InodeNumber number) const {
  const std::lock_guard lock(mutex_);
  const auto found = entries_.find(number);
  return found == entries_.end() ? nullptr : found->second.node;
}

InodeNumber InodeTable::file_number(const Snapshot& snapshot, VirtualKind kind, bool is_for_appending) {
  return (snapshot.number() + 1) * kStep +
         (is_for_appending ? kForAppending : static_cast<InodeNumber>(kind));
}

InodeNumber InodeTable::folder_number(const std::string& path) {
  const std::lock_guard lock(mutex_);
  return folder_numbers_.try_emplace(path, folder_numbers_.size() * kStep + kFolder).first->second;
}

NodeReference InodeTable::count_lookup(InodeNumber number, Node&& node) {
  const std::lock_guard lock(mutex_);
  Entry& entry = entries_[number];
  if (entry.node == nullptr) {
    node.number = number;
    entry.node = std::make_shared<const Node>(std::move(node));
  }
  ++entry.lookups;
  return entry.node;
}

NodeReference InodeTable::look_up_folder(const std::string& path) {
  return count_lookup(folder_number(path), Node{.path = path});
}

NodeReference InodeTable::look_up_file(Node node) {
  const InodeNumber number = file_number(*node.snapshot, node.kind, node.is_for_appending);
  return count_lookup(number, std::move(node));
}

void InodeTable::forget(InodeNumber number, std::uint64_t count) {
  NodeReference last;  // destroyed after the lock: a snapshot's end closes files
  const std::lock_guard lock(mutex_);
  const auto found = entries_.find(number);
  if (found == entries_.end() || number == kRootInode) return;
  if (found->second.lookups > count) {
    found->second.lookups -= count;
    return;
  }
  last = std::move(found->second.node);
  entries_.erase(found);
}

}  // namespace ndcat
