#pragma once

#include <string>
#include <vector>

#include "task.h"

namespace bench {

/// What several workers did at the same time.
struct Outcome {
  double seconds = 0;          ///< from the first one's start to the last one's end
  std::vector<Tally> tallies;  ///< of each worker
};

/// Opens the file once for each worker, before any of them starts: an open() may empty the file's cache. Each
/// reader goes through its own part of the file, from the first byte to the last of them all. With `warm`
/// they do everything twice, and only the second time counts. Throws std::system_error.
Outcome run_workers(const Task& task, const std::string& path, int workers, bool warm,
                    double seconds_at_most);

}  // namespace bench
