#include "fs/mount/baseline_trimmer.h"

#include <algorithm>
#include <chrono>
#include <utility>

namespace ndcat {

void BaselineTrimmer::start(Drop drop, Drop drop_at_once) {
  drop_ = std::move(drop);
  drop_at_once_ = std::move(drop_at_once);
  thread_ = std::thread([this] { trim(); });
}

void BaselineTrimmer::stop() {
  {
    const std::lock_guard lock(mutex_);
    is_ending_ = true;
  }
  wanted_.notify_all();
  if (thread_.joinable()) thread_.join();
}

std::size_t BaselineTrimmer::held() const {
  std::size_t bytes = 0;
  for (const auto& [number, baseline] : files_.baselines()) bytes += baseline->size();
  return bytes;
}

void BaselineTrimmer::look() {
  if (held() <= budget_) return;
  std::unique_lock lock(mutex_);
  is_wanted_ = true;
  wanted_.notify_one();
  constexpr std::chrono::milliseconds kMoment{50};
  const auto has_room = [this] { return is_ending_ || held() <= 2 * budget_; };
  trimmed_.wait_for(lock, kMoment, has_room);
}

void BaselineTrimmer::drop_soon(const Part& part) {
  const std::lock_guard lock(mutex_);
  to_drop_.push_back(part);
  is_wanted_ = true;
  wanted_.notify_one();
}

void BaselineTrimmer::drop_parts() {
  std::vector<Part> parts;
  {
    const std::lock_guard lock(mutex_);
    parts.swap(to_drop_);
  }
  for (const Part& part : parts) {
    const Drop& drop = part.at_once ? drop_at_once_ : drop_;
    drop(part.number, part.offset, part.length);
  }
}

void BaselineTrimmer::trim() {
  for (;;) {
    {
      std::unique_lock lock(mutex_);
      wanted_.wait(lock, [this] { return is_wanted_ || is_ending_; });
      if (is_ending_) return;
      is_wanted_ = false;
    }
    drop_parts();
    while (held() > budget_) {
      trim_once();
      const std::lock_guard lock(mutex_);
      trimmed_.notify_all();
      if (is_ending_) return;
    }
  }
}

/// The oldest pages of the file that has most.
void BaselineTrimmer::trim_once() {
  const auto all = files_.baselines();
  const auto largest = std::ranges::max_element(all, {}, [](const auto& one) { return one.second->size(); });
  if (largest == all.end()) return;
  const auto& [number, baseline] = *largest;
  const PageBaseline::Range range = baseline->begin_eviction();
  if (range.length == 0) return;
  drop_(number, range.begin, range.length);
  baseline->end_eviction(range);
}

}  // namespace ndcat
