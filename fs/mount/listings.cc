#include "fs/mount/listings.h"

#include <utility>

namespace ndcat {

Listings::Handle Listings::open() {
  const std::lock_guard lock(mutex_);
  open_[++last_] = nullptr;
  return last_;
}

void Listings::close(Handle handle) {
  Listing last;  // destroyed after the lock: with it snapshots may end
  const std::lock_guard lock(mutex_);
  const auto found = open_.find(handle);
  if (found == open_.end()) return;
  last = std::move(found->second);
  open_.erase(found);
}

Listing Listings::get(Handle handle) const {
  const std::lock_guard lock(mutex_);
  const auto found = open_.find(handle);
  return found == open_.end() ? nullptr : found->second;
}

void Listings::set(Handle handle, Listing listing) {
  const std::lock_guard lock(mutex_);
  const auto found = open_.find(handle);
  if (found != open_.end()) found->second.swap(listing);
}

}  // namespace ndcat
