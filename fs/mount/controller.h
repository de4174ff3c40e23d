// Controller: the thread that watches over a session: it announces that the mount answers, calls for what is
// due every few seconds, and ends it.
//
// A session ends by SIGTERM, SIGINT or SIGHUP, or because somebody unmounted. Then the threads that serve end
// too, except those that sleep in the kernel on a disk that does not answer: after a few seconds the process
// ends without them. Lives while the loop of the session runs.
#pragma once

#include <pthread.h>

#include <atomic>
#include <chrono>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <thread>

#include "fs/files/descriptor.h"
#include "fs/mount/background.h"
#include "fs/mount/fuse.h"

namespace ndcat {

/// Keeps the signals that end a session for the Controller. Call it before the first thread is made.
void hold_ending_signals();

class Controller {
 public:
  /// `session` is mounted on `mountpoint`; the calling thread will run its loop. `tick` is called every few
  /// seconds until the end begins, and must not wait.
  Controller(fuse_session* session, std::string mountpoint, Announcement announcement,
             std::function<void()> tick);
  /// Precondition: loop_has_ended().
  ~Controller();

  /// Called by the thread that has answered the kernel's first request.
  void connection_is_made();
  /// Called by the thread of the loop. From now on the session is its own again.
  void loop_has_ended();

  /// The mount was never seen to answer; valid after loop_has_ended().
  [[nodiscard]] bool announcement_failed() const { return announcement_failed_; }

 private:
  using Clock = std::chrono::steady_clock;

  void watch();
  void wait();
  void begin_end();
  void hurry_end();
  [[noreturn]] void end_without_the_others();
  void wake();

  fuse_session* const session_;
  const std::string mountpoint_;
  const pthread_t loop_thread_;
  Announcement announcement_;
  const std::function<void()> tick_;
  const Descriptor signals_;
  const Descriptor wakes_;
  std::atomic<bool> connected_ = false;
  std::atomic<bool> announcement_failed_ = false;
  std::optional<Clock::time_point> end_began_;
  std::mutex ending_;  // held by whoever takes the session apart
  bool loop_ended_ = false;
  std::thread thread_;
};

}  // namespace ndcat
