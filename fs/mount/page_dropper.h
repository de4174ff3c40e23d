// PageDropper: makes the kernel write back and give up parts of its page cache.
//
// A daemon can ask for that by fuse_lowlevel_notify_inval_inode(), but waits then in the kernel for pages
// that are being written back, or read: if it is killed by SIGKILL meanwhile, nobody answers, the wait never
// ends, and the waiting thread keeps /dev/fuse open; so the connection does not end either, nor do its users
// (see outrider.h). Of daemons that were killed while they did so, most left that behind. Hence an outrider
// does it, another one than the one that reads ahead; see outrider_process.cc for how.
//
// He waits for a write(2) to the file to end, as another writer does. So nothing that such a write needs for
// its answer may wait for him.
//
// Pages far from each other, as a column that is stored has them, take an errand each: a store to a column
// takes 164 µs a row for it, where the daemon by itself took 72. Several in one errand would be sooner.
//
// What the kernel tells him of a failure to write back, it tells those who close the file no more; whoever
// sent him has to. (Of fsync and msync everybody learns it who has the file open.)
//
// The daemon does it by itself, with what is known of that,
//
// - where there is no outrider, or he cannot do it, and for a while after;
// - where the file is just being written to by write(2), which would make him wait, and others for him.
//
// So does it the PageInspector, and who has few pages dropped for which each moment is too long.
#pragma once

#include <atomic>
#include <chrono>
#include <functional>
#include <mutex>
#include <string>

#include "fs/mount/inodes.h"
#include "fs/mount/outrider.h"

namespace ndcat {

class PageDropper {
 public:
  /// Does it in this process.
  using Notify = std::function<void(InodeNumber number, Index offset, Index length)>;

  /// For the mount at `mountpoint`, an absolute path. `program`: where this program lies.
  PageDropper(std::string mountpoint, std::uint64_t device, Notify notify,
              std::string program = "/proc/self/exe");

  /// Returns when the pages are gone, which a slow disk can make long, or stop() was called: an errno value,
  /// of what is to be told, or 0. When `is_urgent()` no outrider is sent, or waited for any more. One thread
  /// at a time.
  int drop(const NodeReference& file, const GiveUp& what, const std::function<bool()>& is_urgent);
  /// From now on drop() returns soon, with or without success. Thread-safe.
  void stop() { is_stopping_ = true; }

  /// Whether it is the outrider who has this process number. Thread-safe.
  [[nodiscard]] bool is(pid_t process) const { return outrider_.is(process); }
  /// The file that his errand is about; null for none, and when it was taken. Thread-safe.
  [[nodiscard]] NodeReference take_target();

 private:
  using Clock = std::chrono::steady_clock;
  using Outcome = Outrider::Outcome;

  [[nodiscard]] bool send_out(const NodeReference& file, const GiveUp& what,
                              const std::function<bool()>& is_urgent);
  [[nodiscard]] Outcome await(Outcome outcome, const std::function<bool()>& is_urgent);
  void rest(Outcome outcome);

  const std::uint64_t device_;
  const Notify notify_;
  Outrider outrider_;
  Clock::time_point rests_until_;
  bool has_told_ = false;
  std::atomic<bool> is_stopping_ = false;
  std::mutex mutex_;
  NodeReference target_;
};

}  // namespace ndcat
