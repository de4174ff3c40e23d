#include "fs/mount/bulkhead.h"

#include <exception>
#include <string>

#include "fs/log.h"

namespace ndcat {

void Bulkhead::call(AnyJob& job) {
  try {
    job.run();
  } catch (const std::exception& failure) {
    log_message(Severity::error, std::string("a request failed: ") + failure.what());
  }
}

bool Bulkhead::enter_locked(Lane lane) {
  LaneState& state = lanes_[lane];
  if (state.running >= lane_limit_ || running_ >= total_limit_) return false;
  ++state.running;
  ++running_;
  return true;
}

bool Bulkhead::enter(Lane lane) {
  const std::lock_guard lock(mutex_);
  return enter_locked(lane);
}

std::unique_ptr<Bulkhead::AnyJob> Bulkhead::enter_or_park(Lane lane, std::unique_ptr<AnyJob> job) {
  const std::lock_guard lock(mutex_);
  if (enter_locked(lane)) return job;
  LaneState& state = lanes_[lane];
  if (state.running >= lane_limit_) {
    state.parked.push_back(std::move(job));
  } else {
    parked_for_total_.push_back({lane, std::move(job)});
  }
  return nullptr;
}

// The end of one job makes room for at most one other: the next of its lane, or else one that waited for the
// total.
Bulkhead::Parked Bulkhead::leave_and_take_next(Lane lane) {
  const std::lock_guard lock(mutex_);
  const auto left = lanes_.find(lane);
  LaneState& state = left->second;
  --state.running;
  --running_;
  if (!state.parked.empty()) {
    Parked next{lane, std::move(state.parked.front())};
    state.parked.pop_front();
    ++state.running;
    ++running_;
    return next;
  }
  if (state.running == 0) lanes_.erase(left);
  while (!parked_for_total_.empty()) {
    Parked next = std::move(parked_for_total_.front());
    parked_for_total_.pop_front();
    if (enter_locked(next.lane)) return next;
    lanes_[next.lane].parked.push_back(std::move(next.job));  // its lane has filled meanwhile
  }
  return {};
}

void Bulkhead::leave(Lane lane) {
  for (Parked next = leave_and_take_next(lane); next.job != nullptr; next = leave_and_take_next(next.lane)) {
    call(*next.job);
    next.job.reset();
  }
}

std::size_t Bulkhead::parked() const {
  const std::lock_guard lock(mutex_);
  std::size_t count = parked_for_total_.size();
  for (const auto& [lane, state] : lanes_) count += state.parked.size();
  return count;
}

}  // namespace ndcat
