#include "fs/log.h"

#include <syslog.h>
#include <unistd.h>

#include <atomic>
#include <string>
#include <system_error>

namespace ndcat {
namespace {

std::atomic<bool> use_syslog = false;

int syslog_priority(Severity severity) {
  switch (severity) {
    case Severity::error:
      return LOG_ERR;
    case Severity::warning:
      return LOG_WARNING;
    case Severity::info:
      return LOG_INFO;
  }
  return LOG_ERR;
}

// One write, so that the lines of several threads do not mix.
void write_to_stderr(std::string_view message) {
  std::string line = "ndcat: ";
  line.append(message).push_back('\n');
  [[maybe_unused]] const auto written = ::write(STDERR_FILENO, line.data(), line.size());
}

}  // namespace

void log_message(Severity severity, std::string_view message) {
  if (use_syslog.load(std::memory_order_relaxed)) {
    ::syslog(syslog_priority(severity), "%.*s", static_cast<int>(message.size()), message.data());
  } else {
    write_to_stderr(message);
  }
}

void log_to_syslog() {
  ::openlog("ndcat", LOG_PID | LOG_NDELAY, LOG_DAEMON);
  use_syslog = true;
}

std::string errno_text(int error_number) { return std::system_category().message(error_number); }

}  // namespace ndcat
