// SourceRuns: which bytes of its source a segment touches: runs of one length, in a regular grid.
//
// For those who fetch bytes before they are gathered, and so care for where they lie and not for what becomes
// of them.
#pragma once

#include "core/function_ref.h"
#include "core/layout/segment.h"

namespace ndcat {

/// All in bytes of the source. The grid's strides are positive, the greatest first; no axes: one run.
struct SourceRuns {
  Index offset = 0;  // of the first run, the lowest
  Index length = 0;  // of each; 0: elements without bytes, nothing is touched
  Indices counts, strides;

  [[nodiscard]] Index count() const;
  /// Where the last begins.
  [[nodiscard]] Index last() const;
};

/// Runs with at most `gap` bytes between them are counted as one, gap included. Precondition: the segment is
/// not a fill.
[[nodiscard]] SourceRuns source_runs(const Segment& segment, Index gap);

/// Calls `visit` with the offset of every run, in ascending order as far as the grid is not interleaved.
/// Stops and returns false as soon as it does.
bool for_each_run(const SourceRuns& runs, FunctionRef<bool(Index offset)> visit);

}  // namespace ndcat
