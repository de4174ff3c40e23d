// RunLengths: how finely an array is scattered over its sources.
#pragma once

#include "core/algebra/array_view.h"
#include "core/layout/segment.h"

namespace ndcat {

/// How long the contiguous runs are that sequential reading meets; for `ndcat show` and the choice of read
/// mechanism. All 0 for an array without bytes.
struct RunLengths {
  Index shortest = 0, median = 0,
        longest = 0;  // bytes of virtual file served from one contiguous part of one source
};

/// Looks at every piece once. A fill counts as contiguous. `file_axes` is the order in which the file holds
/// the axes.
[[nodiscard]] RunLengths find_run_lengths(const ArrayView& view, const AxisSequence& file_axes);

}  // namespace ndcat
