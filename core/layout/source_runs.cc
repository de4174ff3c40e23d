#include "core/layout/source_runs.h"

#include <cstdlib>

namespace ndcat {

Index SourceRuns::count() const {
  Index count = 1;
  for (const Index along : counts) count *= along;
  return count;
}

Index SourceRuns::last() const {
  Index last = offset;
  for (int axis = 0; axis < counts.size(); ++axis) last += (counts[axis] - 1) * strides[axis];
  return last;
}

SourceRuns source_runs(const Segment& segment, Index gap) {
  SourceRuns runs;
  runs.offset = static_cast<Index>(segment.offset);
  runs.length = segment.from_itemsize;
  // A part of an element that is converted needs the whole of it.
  if (segment.keep > 0 && segment.conversion == nullptr) {
    runs.offset += segment.skip;
    runs.length = segment.keep;
  }
  if (runs.length == 0) return runs;
  for (int axis = 0; axis < segment.extents.size(); ++axis) {
    const Index count = segment.extents[axis], stride = std::abs(segment.from_strides[axis]);
    if (segment.from_strides[axis] < 0) runs.offset -= (count - 1) * stride;
    int place = 0;
    while (place < runs.strides.size() && runs.strides[place] >= stride) ++place;
    runs.counts.insert(place, count);
    runs.strides.insert(place, stride);
  }
  while (!runs.strides.empty() && runs.strides.back() <= runs.length + gap) {
    const int last = runs.strides.size() - 1;
    runs.length += (runs.counts[last] - 1) * runs.strides[last];
    runs.counts.erase(last);
    runs.strides.erase(last);
  }
  return runs;
}

bool for_each_run(const SourceRuns& runs, FunctionRef<bool(Index offset)> visit) {
  if (runs.length == 0) return true;
  Indices at = Indices::filled(runs.counts.size(), 0);
  Index offset = runs.offset;
  for (;;) {
    if (!visit(offset)) return false;
    int axis = at.size() - 1;
    for (; axis >= 0; --axis) {
      offset += runs.strides[axis];
      if (++at[axis] < runs.counts[axis]) break;
      at[axis] = 0;
      offset -= runs.strides[axis] * runs.counts[axis];
    }
    if (axis < 0) return true;
  }
}

}  // namespace ndcat
