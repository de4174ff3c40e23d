#include "fs/files/recent_walk.h"

#include "fs/files/clocks.h"

namespace ndcat {
namespace {

constexpr Nanoseconds kSecond = 1'000'000'000;

}  // namespace

std::optional<RecentWalk::Begun> RecentWalk::take() {
  const std::lock_guard lock(mutex_);
  return std::exchange(kept_, std::nullopt);
}

Location RecentWalk::locate(const std::string& path) {
  std::optional<Begun> begun = take();
  const Nanoseconds now = monotonic_clock();
  if (!begun || now - begun->at >= kSecond) begun.emplace(Begun{begin_(), now});
  Location location = begun->walk.locate(path);
  const std::lock_guard lock(mutex_);
  if (!kept_ || kept_->at < begun->at) kept_.swap(begun);
  return location;
}

void RecentWalk::trim(Nanoseconds time) {
  std::optional<Begun> old;  // closes its folders after the lock
  const std::lock_guard lock(mutex_);
  if (kept_ && kept_->at < time) old.swap(kept_);
}

}  // namespace ndcat
