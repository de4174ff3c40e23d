// FailureLog: says once what many reads may meet: a lost source is one line in the log, not one a page.
#pragma once

#include <chrono>
#include <mutex>
#include <string>
#include <unordered_set>

namespace ndcat {

/// The same message is written at most once a minute, and at most a hundred different ones. Thread-safe.
class FailureLog {
 public:
  using Clock = std::chrono::steady_clock;

  void report(const std::string& message) { report(message, Clock::now()); }
  /// True when it was written.
  bool report(const std::string& message, Clock::time_point now);

 private:
  std::mutex mutex_;
  Clock::time_point minute_begin_ = Clock::time_point::min();
  std::unordered_set<std::string> seen_;  // in this minute
};

}  // namespace ndcat
