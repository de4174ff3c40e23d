#pragma once

#include "task.h"

namespace bench {

/// Carry out a task of their kind on an open file until it is done or the deadline has passed; a task cut
/// short tells so by its tally. Maps are made anew. Throw std::system_error.
Tally read_share(const Task& task, int descriptor, Share share, Clock::time_point deadline);
Tally write_share(const Task& task, int descriptor, Share share, Clock::time_point deadline);

}  // namespace bench
