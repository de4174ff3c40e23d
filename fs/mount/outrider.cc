#include "fs/mount/outrider.h"

#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <utility>

#include "fs/log.h"

namespace ndcat {
namespace {

constexpr std::chrono::seconds kFarewell(1);

/// The process has its own session, no signal blocked or ignored, and of all descriptors but `socket`.
int spawn(pid_t& process, const std::string& program, const std::string& mountpoint, int socket) {
  posix_spawn_file_actions_t actions;
  posix_spawnattr_t attributes;
  posix_spawn_file_actions_init(&actions);
  posix_spawnattr_init(&attributes);
  posix_spawn_file_actions_adddup2(&actions, socket, STDIN_FILENO);
  posix_spawn_file_actions_addclosefrom_np(&actions, STDIN_FILENO + 1);
  sigset_t none, all;
  sigemptyset(&none);
  sigfillset(&all);
  posix_spawnattr_setsigmask(&attributes, &none);
  posix_spawnattr_setsigdefault(&attributes, &all);
  posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSID | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
  std::string words[] = {kOutriderProgram, mountpoint};
  char* const arguments[] = {words[0].data(), words[1].data(), nullptr};
  const int result = ::posix_spawn(&process, program.c_str(), &actions, &attributes, arguments, environ);
  posix_spawnattr_destroy(&attributes);
  posix_spawn_file_actions_destroy(&actions);
  return result;
}

}  // namespace

Outrider::Outrider(std::string mountpoint, std::string program)
    : mountpoint_(std::move(mountpoint)), program_(std::move(program)) {}

Outrider::~Outrider() {
  if (!socket_.is_open()) return;
  ::shutdown(socket_.get(), SHUT_WR);
  const auto end = std::chrono::steady_clock::now() + kFarewell;
  while (std::chrono::steady_clock::now() < end && wait(kFarewell) != Outcome::gone) {
  }
}

bool Outrider::start() {
  int ends[2];
  if (::socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) != 0) return false;
  Descriptor ours(ends[0]), its(ends[1]);
  pid_t process = kNone;
  const int error_number = spawn(process, program_, mountpoint_, its.get());
  if (error_number != 0) {
    log_message(Severity::info,
                std::string(kOutriderProgram) + " cannot be started: " + errno_text(error_number));
    return false;
  }
  socket_ = std::move(ours);
  process_ = process;
  return true;
}

Outrider::Outcome Outrider::run(const Errand& errand, std::chrono::milliseconds limit) {
  if (is_gone_) return Outcome::gone;
  if (!socket_.is_open() && !start()) return lose();
  if (is_away_) {
    const Outcome earlier = wait(std::chrono::milliseconds(0));
    if (earlier == Outcome::late || earlier == Outcome::gone) return earlier;
  }
  if (::send(socket_.get(), &errand, sizeof errand, MSG_NOSIGNAL | MSG_DONTWAIT) != sizeof errand)
    return lose();
  is_away_ = true;
  return wait(limit);
}

Outrider::Outcome Outrider::wait(std::chrono::milliseconds limit) {
  pollfd waited = {socket_.get(), POLLIN, 0};
  const int ready = ::poll(&waited, 1, static_cast<int>(limit.count()));
  if (ready == 0 || (ready < 0 && errno == EINTR)) return Outcome::late;
  if (ready < 0 || ::recv(socket_.get(), &report_, sizeof report_, MSG_DONTWAIT) != sizeof report_)
    return lose();
  is_away_ = false;
  return report_.is_done ? Outcome::returned : Outcome::in_vain;
}

// Its end of the socket is closed by its exit, after which there is nothing left to wait for.
Outrider::Outcome Outrider::lose() {
  is_gone_ = true;
  is_away_ = false;
  socket_ = Descriptor();
  const pid_t process = process_.exchange(kNone);
  if (process != kNone) ::waitpid(process, nullptr, 0);
  return Outcome::gone;
}

}  // namespace ndcat
