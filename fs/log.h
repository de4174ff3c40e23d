// The log of the process: standard error until it has gone to the background, then syslog.
//
// One per process, as standard error and syslog are. Thread-safe.
#pragma once

#include <string>
#include <string_view>

namespace ndcat {

enum class Severity { error, warning, info };

/// Writes one line; `message` has no newline at its end.
void log_message(Severity severity, std::string_view message);

/// From now on to syslog, as "ndcat[PID]".
void log_to_syslog();

/// "No such file or directory"; thread-safe, unlike strerror().
[[nodiscard]] std::string errno_text(int error_number);

}  // namespace ndcat
