#include "fs/mount/controller.h"

#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/eventfd.h>
#include <sys/mount.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <climits>
#include <cstdint>
#include <utility>

#include "fs/log.h"
#include "fs/mount/service_manager.h"

namespace ndcat {
namespace {

constexpr auto kPatience = std::chrono::seconds(5);
// Interrupts the loop's thread in its wait; a repetition makes up for a signal that came just before the
// wait.
constexpr int kInterrupt = SIGUSR1;
constexpr int kHurryMilliseconds = 20;
// How soon an end that came from outside (umount) is noticed if all threads hang; else the loop itself tells.
constexpr int kWatchMilliseconds = 2000;

sigset_t ending_signals() {
  sigset_t set;
  sigemptyset(&set);
  for (const int number : {SIGTERM, SIGINT, SIGHUP}) sigaddset(&set, number);
  return set;
}

// As libfuse does it; its own function would close what other threads may be using, in their sight.
void unmount_lazily(std::string mountpoint) {
  if (::umount2(mountpoint.c_str(), MNT_DETACH) == 0) return;
  std::string words[] = {"fusermount3", "-u", "-q", "-z", "--"};
  char* const arguments[] = {words[0].data(), words[1].data(),   words[2].data(), words[3].data(),
                             words[4].data(), mountpoint.data(), nullptr};
  pid_t process = 0;
  if (::posix_spawnp(&process, arguments[0], nullptr, nullptr, arguments, environ) == 0)
    ::waitpid(process, nullptr, 0);
}

}  // namespace

void hold_ending_signals() {
  const sigset_t set = ending_signals();
  ::pthread_sigmask(SIG_BLOCK, &set, nullptr);
  ::signal(SIGPIPE, SIG_IGN);
  struct sigaction nothing = {};
  nothing.sa_handler = [](int) {};  // without SA_RESTART: a wait returns EINTR
  ::sigaction(kInterrupt, &nothing, nullptr);
}

Controller::Controller(fuse_session* session, std::string mountpoint, Announcement announcement,
                       std::function<void()> tick)
    : session_(session),
      mountpoint_(std::move(mountpoint)),
      loop_thread_(::pthread_self()),
      announcement_(std::move(announcement)),
      tick_(std::move(tick)),
      signals_([] {
        const sigset_t set = ending_signals();
        return ::signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
      }()),
      wakes_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)),
      thread_([this] { watch(); }) {}

Controller::~Controller() {
  if (thread_.joinable()) thread_.join();
}

void Controller::wake() {
  const std::uint64_t one = 1;
  [[maybe_unused]] const auto written = ::write(wakes_.get(), &one, sizeof one);
}

void Controller::connection_is_made() {
  connected_ = true;
  wake();
}

void Controller::loop_has_ended() {
  {
    const std::lock_guard lock(ending_);
    loop_ended_ = true;
  }
  wake();
  thread_.join();
}

void Controller::watch() {
  bool announced = false;
  while (true) {
    wait();
    {
      const std::lock_guard lock(ending_);
      if (loop_ended_) return;
    }
    if (connected_ && !announced && !end_began_) {
      announced = true;
      if (!announcement_.mount_answers()) {
        announcement_failed_ = true;
        begin_end();
      }
    }
    signalfd_siginfo signal = {};
    if (::read(signals_.get(), &signal, sizeof signal) == sizeof signal) begin_end();
    if (fuse_session_exited(session_) != 0) begin_end();
    if (end_began_) {
      hurry_end();
    } else {
      tick_();
    }
  }
}

void Controller::wait() {
  std::array<pollfd, 2> waited = {{{signals_.get(), POLLIN, 0}, {wakes_.get(), POLLIN, 0}}};
  ::poll(waited.data(), waited.size(), end_began_ ? kHurryMilliseconds : kWatchMilliseconds);
  std::uint64_t count = 0;
  [[maybe_unused]] const auto taken = ::read(wakes_.get(), &count, sizeof count);
}

void Controller::begin_end() {
  if (end_began_) return;
  end_began_ = Clock::now();
  notify_service_manager("STOPPING=1");
  fuse_session_exit(session_);
}

void Controller::hurry_end() {
  const std::lock_guard lock(ending_);
  if (loop_ended_) return;
  ::pthread_kill(loop_thread_, kInterrupt);
  if (Clock::now() - *end_began_ > kPatience) end_without_the_others();
}

// Holds ending_, so that the loop's thread cannot take the session apart at the same time.
void Controller::end_without_the_others() {
  log_message(Severity::warning,
              "the mount has ended; reads that still wait for a disk that does not answer are given up");
  // Somebody may have unmounted before, and something else may be mounted there by now.
  pollfd connection = {fuse_session_fd(session_), 0, 0};
  ::poll(&connection, 1, 0);
  const bool is_mounted = (connection.revents & POLLERR) == 0;
  // A thread that sleeps in the kernel would keep them, and with them the connection, open beyond the
  // process's end.
  ::close_range(STDERR_FILENO + 1, UINT_MAX, 0);
  if (is_mounted) unmount_lazily(mountpoint_);
  ::_exit(0);
}

}  // namespace ndcat
