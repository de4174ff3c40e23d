// BaselineTrimmer: makes the kernel give up pages: where baselines take too much memory those that they are
// of, and those that show what could not be written.
//
// Pages that were stored to are written back on the way, by requests that other threads answer meanwhile; so
// it has a thread of its own that holds no lock which an answer needs.
//
// Known: the kernel waits there for pages that are just being read. A daemon that is killed by SIGKILL at that
// moment leaves a thread behind that still has /dev/fuse open, so that the connection does not end and its
// readers hang until somebody writes to /sys/fs/fuse/connections/N/abort (see outrider.h, where the same was
// seen of pages that are stored). It takes a mount with -o rw, more than the budget in maps that are written
// to, or a value that cannot be stored.
#pragma once

#include <condition_variable>
#include <functional>
#include <mutex>
#include <thread>

#include "fs/mount/open_files.h"

namespace ndcat {

class BaselineTrimmer {
 public:
  /// Makes the kernel write back and drop a part of a file's page cache; returns when it has.
  using Drop = std::function<void(InodeNumber number, Index offset, Index length)>;

  /// `files` outlives it. `budget` in bytes.
  BaselineTrimmer(const OpenFiles& files, std::size_t budget) : files_(files), budget_(budget) {}
  BaselineTrimmer(const BaselineTrimmer&) = delete;
  BaselineTrimmer& operator=(const BaselineTrimmer&) = delete;
  ~BaselineTrimmer() { stop(); }

  /// From now on it trims. Call once.
  void start(Drop drop);
  /// `drop` is not called any more. Precondition: the kernel answers, or has given up the mount.
  void stop();
  /// A baseline may have grown. Where there is far too much, waits a moment for room: for a short while at
  /// most, since the kernel may wait for the caller.
  void look();
  /// Makes the kernel give up a part of a file's page cache, soon.
  void drop(InodeNumber number, Index offset, Index length);

 private:
  struct Part {
    InodeNumber number = 0;
    Index offset = 0, length = 0;
  };
  [[nodiscard]] std::size_t held() const;
  void drop_parts();
  void trim();
  void trim_once();

  const OpenFiles& files_;
  const std::size_t budget_;
  Drop drop_;
  std::mutex mutex_;
  std::condition_variable wanted_, trimmed_;
  bool is_wanted_ = false, is_ending_ = false;
  std::vector<Part> to_drop_;
  std::thread thread_;
};

}  // namespace ndcat
