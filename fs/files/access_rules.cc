#include "fs/files/access_rules.h"

#include <algorithm>

namespace ndcat {
namespace {

bool contains(std::string_view folder, std::string_view path) {
  if (folder == "/") return true;
  return path.starts_with(folder) && (path.size() == folder.size() || path[folder.size()] == '/');
}

}  // namespace

AccessRules::AccessRules(std::optional<std::vector<std::string>> allowed_folders,
                         std::optional<std::uint64_t> own_device)
    : allowed_folders_(std::move(allowed_folders)), own_device_(own_device.value_or(0)) {}

bool AccessRules::allows(std::string_view real_path) const {
  if (!allowed_folders_) return true;
  return std::any_of(allowed_folders_->begin(), allowed_folders_->end(),
                     [&](const std::string& folder) { return contains(folder, real_path); });
}

bool AccessRules::is_own(std::uint64_t device) const {
  const std::uint64_t own = own_device_.load(std::memory_order_relaxed);
  return own != 0 && own == device;
}

void AccessRules::set_own_device(std::uint64_t device) {
  own_device_.store(device, std::memory_order_relaxed);
}

}  // namespace ndcat
