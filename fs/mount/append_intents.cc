#include "fs/mount/append_intents.h"

#include "fs/files/clocks.h"

namespace ndcat {
namespace {

// A thread that was killed on the way never comes; its number is given to others some day.
constexpr Nanoseconds kLongest = 10'000'000'000;

}  // namespace

void AppendIntents::forget_old(Nanoseconds now) {
  std::erase_if(added_, [now](const auto& entry) { return now - entry.second > kLongest; });
}

void AppendIntents::add(pid_t thread) {
  const Nanoseconds now = monotonic_clock();
  const std::lock_guard lock(mutex_);
  forget_old(now);
  added_[thread] = now;
}

bool AppendIntents::has(pid_t thread) {
  const Nanoseconds now = monotonic_clock();
  const std::lock_guard lock(mutex_);
  if (added_.empty()) return false;
  forget_old(now);
  return added_.contains(thread);
}

void AppendIntents::remove(pid_t thread) {
  const std::lock_guard lock(mutex_);
  added_.erase(thread);
}

}  // namespace ndcat
