// Going to the background: the parent stays at the terminal until the mount answers, the child serves.
#pragma once

#include <ostream>
#include <string>
#include <variant>

#include "fs/exit_codes.h"
#include "fs/files/descriptor.h"

namespace ndcat {

/// The child's end, or the foreground's: says that the mount answers.
class Announcement {
 public:
  /// In the foreground: there is nobody who waits.
  Announcement() = default;
  explicit Announcement(Descriptor parent) : parent_(std::move(parent)) {}

  /// Returns when the parent has seen the mount answer; this process then is in the background: a session of
  /// its own, in the folder /, standard streams closed, messages to syslog. Tells the service manager too.
  /// False when the parent has gone, or could not see the mount. The mount must be served by other threads
  /// meanwhile.
  [[nodiscard]] bool mount_answers();

 private:
  Descriptor parent_;
};

/// Forks. In the parent: waits until the child says that the mount answers and stat() of `mountpoint` agrees,
/// or until the child has ended, and returns the exit code. In the child: returns its Announcement.
/// Precondition: one thread.
std::variant<ExitCode, Announcement> go_to_background(const std::string& mountpoint, std::ostream& err);

}  // namespace ndcat
