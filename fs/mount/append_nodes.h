// AppendNodes: the one inode of a file through which all append to it, while somebody has it open.
//
// The kernel lets one long write to an inode end before the next begins, and sends it in several requests.
// Two inodes would mix the requests of two programs, and with them the rows. So who comes later, when the
// array has more rows and a newer snapshot, gets the inode that is there already. Thread-safe.
#pragma once

#include <memory>
#include <mutex>
#include <string>
#include <unordered_map>

#include "fs/mount/inodes.h"

namespace ndcat {

class AppendNodes {
 public:
  /// Null when there is none (any more).
  [[nodiscard]] NodeReference find(const std::string& path) const;
  /// Puts `node` in the place of `known`, which may be null; false when another has come there meanwhile.
  [[nodiscard]] bool replace(const std::string& path, const NodeReference& known, const NodeReference& node);

 private:
  mutable std::mutex mutex_;
  std::unordered_map<std::string, std::weak_ptr<const Node>> nodes_;
};

}  // namespace ndcat
