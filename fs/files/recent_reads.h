// RecentReads: does a read continue an earlier one?
//
// Reads in order do not arrive in order: the kernel reads ahead with several requests at once, and several
// threads take them. So a read continues another when it lies close to where that one ended, close being
// measured in its own length: a few of them farther, some more of them back. Remembers few places, so that
// several readers at once are told apart. Thread-safe.
#pragma once

#include <array>
#include <cstdint>
#include <mutex>

#include "core/index.h"

namespace ndcat {

class RecentReads {
 public:
  struct Verdict {
    bool continues = false;
    bool is_backward = false;  // the reads before it lie behind it
    Index length = 0;          // bytes that were read so far, this read included
  };

  /// Notes that [begin, end) is read. Precondition: begin < end.
  Verdict note(Index begin, Index end);
  /// Every read from now on is a first one.
  void forget();

 private:
  struct Run {
    Index begin = 0, end = 0;  // where it has been of late
    Index length = 0;
    bool is_backward = false;
    std::uint64_t noted = 0;  // 0: unused
  };
  [[nodiscard]] static bool is_near(const Run& run, Index begin, Index end);

  std::mutex mutex_;
  std::uint64_t count_ = 0;
  std::array<Run, 8> runs_;
};

}  // namespace ndcat
