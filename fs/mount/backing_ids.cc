#include "fs/mount/backing_ids.h"

#include <utility>

namespace ndcat {

int BackingIds::open(InodeNumber number, std::optional<std::uint64_t> device,
                     FunctionRef<int()> tell_kernel) {
  const std::lock_guard lock(mutex_);
  Opens& opens = opens_[number];
  if (opens.count == 0 && device && !refused_devices_.contains(*device)) {
    opens.backing_id = tell_kernel();
    if (opens.backing_id == 0) refused_devices_.insert(*device);
  }
  ++opens.count;
  return opens.backing_id;
}

void BackingIds::release(InodeNumber number) {
  const std::lock_guard lock(mutex_);
  const auto found = opens_.find(number);
  if (found == opens_.end() || --found->second.count > 0) return;
  if (found->second.backing_id != 0) unused_.push_back(found->second.backing_id);
  opens_.erase(found);
}

std::vector<int> BackingIds::take_unused() {
  const std::lock_guard lock(mutex_);
  return std::exchange(unused_, {});
}

}  // namespace ndcat
