// RecentWalk: a PathWalk that was begun less than a second ago, and may remember folders from then.
//
// It is for who has looked at the whole path of a file within that second, and only wants to know whether the
// file itself was renamed since: the folder that is remembered costs him one look instead of a walk.
//
// Thread-safe.
#pragma once

#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <utility>

#include "fs/files/path_walk.h"

namespace ndcat {

class RecentWalk {
 public:
  explicit RecentWalk(std::function<PathWalk()> begin) : begin_(std::move(begin)) {}

  /// As PathWalk::locate().
  Location locate(const std::string& path);
  /// Closes the folders of a walk that was begun before `time` (monotonic clock).
  void trim(Nanoseconds time);

 private:
  struct Begun {
    PathWalk walk;
    Nanoseconds at = 0;
  };
  [[nodiscard]] std::optional<Begun> take();

  const std::function<PathWalk()> begin_;
  std::mutex mutex_;
  std::optional<Begun> kept_;  // nothing while one thread has it: others begin their own
};

}  // namespace ndcat
