// BaselineTrimmer: makes the kernel give up pages: where baselines take too much memory those that they are
// of, and those that show what could not be written.
//
// Pages that were stored to are written back on the way, by requests that other threads answer meanwhile; so
// it has a thread of its own that holds no lock which an answer needs.
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

  /// From now on it trims. `drop_at_once` is for drop_at_once(). Call once.
  void start(Drop drop, Drop drop_at_once);
  /// Neither is called any more. Precondition: the kernel answers, or has given up the mount.
  void stop();
  /// A baseline may have grown. Where there is far too much, waits a moment for room: for a short while at
  /// most, since the kernel may wait for the caller.
  void look();
  /// Makes the kernel give up a part of a file's page cache, soon.
  void drop(InodeNumber number, Index offset, Index length) { drop_soon({number, offset, length, false}); }
  /// The same of few pages, for which each moment is too long.
  void drop_at_once(InodeNumber number, Index offset, Index length) {
    drop_soon({number, offset, length, true});
  }

 private:
  struct Part {
    InodeNumber number = 0;
    Index offset = 0, length = 0;
    bool at_once = false;
  };
  void drop_soon(const Part& part);
  [[nodiscard]] std::size_t held() const;
  void drop_parts();
  void trim();
  void trim_once();

  const OpenFiles& files_;
  const std::size_t budget_;
  Drop drop_, drop_at_once_;
  std::mutex mutex_;
  std::condition_variable wanted_, trimmed_;
  bool is_wanted_ = false, is_ending_ = false;
  std::vector<Part> to_drop_;
  std::thread thread_;
};

}  // namespace ndcat
