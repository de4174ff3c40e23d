#include "fs/mount/append_nodes.h"

namespace ndcat {

NodeReference AppendNodes::find(const std::string& path) const {
  const std::lock_guard lock(mutex_);
  const auto found = nodes_.find(path);
  return found == nodes_.end() ? nullptr : found->second.lock();
}

bool AppendNodes::replace(const std::string& path, const NodeReference& known, const NodeReference& node) {
  NodeReference now;  // goes after the lock, perhaps as the last of it
  const std::lock_guard lock(mutex_);
  const auto found = nodes_.find(path);
  if (found != nodes_.end()) now = found->second.lock();
  if (now != known) return false;
  std::erase_if(nodes_, [](const auto& entry) { return entry.second.expired(); });
  nodes_[path] = node;
  return true;
}

}  // namespace ndcat
