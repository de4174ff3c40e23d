#include "fs/mount/turnstile.h"

#include <algorithm>

namespace ndcat {

Turnstile::Turnstile(int width, Clock::duration patience)
    : width_(static_cast<std::size_t>(std::max(width, 1))), patience_(patience) {
  inside_.reserve(width_);
}

std::uint64_t Turnstile::enter() {
  std::unique_lock lock(mutex_);
  while (inside_.size() == width_) {
    const Clock::time_point oldest_is_late = inside_.front().when + patience_;
    if (place_is_free_.wait_until(lock, oldest_is_late) == std::cv_status::timeout &&
        inside_.size() == width_ && inside_.front().when + patience_ <= Clock::now()) {
      inside_.erase(inside_.begin());
    }
  }
  inside_.push_back({++last_number_, Clock::now()});
  return last_number_;
}

void Turnstile::leave(std::uint64_t number) {
  {
    const std::lock_guard lock(mutex_);
    if (std::erase_if(inside_, [&](const Entered& one) { return one.number == number; }) == 0) return;
  }
  place_is_free_.notify_one();
}

}  // namespace ndcat
