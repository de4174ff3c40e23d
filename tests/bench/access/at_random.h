#pragma once

#include <algorithm>
#include <random>

#include "task.h"

namespace bench {

/// Calls touch(offset) at random multiples of a page within the share, and times each; what it returns goes
/// into the checksum.
template <class Touch>
Tally at_random(const Task& task, Share share, Clock::time_point deadline, Touch touch) {
  Tally tally;
  tally.microseconds.reserve(task.count);
  std::mt19937_64 random(task.seed + share.begin);
  const std::size_t first = share.begin / kPage;
  std::uniform_int_distribution<std::size_t> pages(first, std::max(share.end / kPage, first + 1) - 1);
  for (auto begin = Clock::now(); tally.touches < task.count && begin < deadline; begin = Clock::now()) {
    tally.checksum += touch(pages(random) * kPage);
    tally.microseconds.push_back(std::chrono::duration<double, std::micro>(Clock::now() - begin).count());
    ++tally.touches;
    tally.bytes += kPage;
  }
  return tally;
}

}  // namespace bench
