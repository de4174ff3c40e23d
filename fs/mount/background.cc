#include "fs/mount/background.h"

#include <fcntl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>

#include "fs/log.h"
#include "fs/mount/service_manager.h"

namespace ndcat {
namespace {

// What the two say to each other, one byte each.
constexpr char kAnswering = 'a';  // child: the kernel has had its first answer
constexpr char kSeen = 's';       // parent: so it has
// The child closes its end when it is in the background.

bool send_byte(const Descriptor& to, char byte) { return ::send(to.get(), &byte, 1, MSG_NOSIGNAL) == 1; }

// Nothing but `byte` counts; the end of the other process does not.
bool receive_byte(const Descriptor& from, char byte) {
  char received = 0;
  ssize_t count = 0;
  do {
    count = ::recv(from.get(), &received, 1, 0);
  } while (count < 0 && errno == EINTR);
  return count == 1 && received == byte;
}

void leave_terminal() {
  ::setsid();
  if (::chdir("/") != 0)
    log_message(Severity::warning, "cannot change to the folder /: " + errno_text(errno));
  log_to_syslog();
  const Descriptor null(::open("/dev/null", O_RDWR | O_CLOEXEC));
  for (const int stream : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) ::dup2(null.get(), stream);
}

ExitCode wait_for_end(pid_t child) {
  int status = 0;
  while (::waitpid(child, &status, 0) < 0 && errno == EINTR) {
  }
  return WIFEXITED(status) ? static_cast<ExitCode>(WEXITSTATUS(status)) : ExitCode::internal;
}

ExitCode wait_for_mount(const Descriptor& child, pid_t process, const std::string& mountpoint,
                        std::ostream& err) {
  if (!receive_byte(child, kAnswering)) {
    const ExitCode code = wait_for_end(process);
    if (code != ExitCode::ok) return code;  // it has said why
    err << "ndcat: ended by a signal before the mount answered" << std::endl;
    return ExitCode::mount;
  }
  struct stat status = {};
  if (::stat(mountpoint.c_str(), &status) != 0) {
    err << "ndcat: mount point " << mountpoint << " does not answer: " << errno_text(errno) << std::endl;
    ::shutdown(child.get(), SHUT_RDWR);
    wait_for_end(process);
    return ExitCode::mount;
  }
  // The end of file says that the child has let go of the terminal.
  if (send_byte(child, kSeen)) receive_byte(child, kSeen);
  return ExitCode::ok;
}

}  // namespace

bool Announcement::mount_answers() {
  if (parent_.is_open()) {
    if (!send_byte(parent_, kAnswering) || !receive_byte(parent_, kSeen)) return false;
    leave_terminal();
    const Descriptor parent = std::move(parent_);
  }
  notify_service_manager("READY=1");
  return true;
}

std::variant<ExitCode, Announcement> go_to_background(const std::string& mountpoint, std::ostream& err) {
  int ends[2] = {};
  if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0) {
    err << "ndcat: cannot go to the background: " << errno_text(errno) << std::endl;
    return ExitCode::internal;
  }
  Descriptor for_parent(ends[0]);
  Descriptor for_child(ends[1]);
  const pid_t process = ::fork();
  if (process < 0) {
    err << "ndcat: cannot go to the background: " << errno_text(errno) << std::endl;
    return ExitCode::internal;
  }
  if (process == 0) return Announcement(std::move(for_child));
  { const Descriptor closed = std::move(for_child); }
  return wait_for_mount(for_parent, process, mountpoint, err);
}

}  // namespace ndcat
