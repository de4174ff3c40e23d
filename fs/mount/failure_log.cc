#include "fs/mount/failure_log.h"

#include "fs/log.h"

namespace ndcat {
namespace {

constexpr auto kQuiet = std::chrono::minutes(1);
constexpr std::size_t kMessages = 100;

}  // namespace

bool FailureLog::report(const std::string& message, Clock::time_point now) {
  bool is_last = false;
  {
    const std::lock_guard lock(mutex_);
    if (minute_begin_ == Clock::time_point::min() || now - minute_begin_ >= kQuiet) {
      seen_.clear();
      minute_begin_ = now;
    }
    if (seen_.size() >= kMessages || !seen_.insert(message).second) return false;
    is_last = seen_.size() == kMessages;
  }
  log_message(Severity::error, message);
  if (is_last) log_message(Severity::error, "further failures of this minute are not logged");
  return true;
}

}  // namespace ndcat
