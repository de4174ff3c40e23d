// Ranges of a row-major array as boxes: the elements [begin, end), counted in row-major order, are at most 2
// * rank + 1 boxes (the rest of the first rows, whole rows between, the start of the last rows).
#pragma once

#include "core/function_ref.h"
#include "core/indices.h"

namespace ndcat {

/// Calls `visit` with the origin and extents of each box, in rising order of elements. Stops and returns
/// false as soon as `visit` does. Precondition: 0 <= begin <= end <= elements of `shape`, which fit an Index.
bool for_each_box(const Shape& shape, Index begin, Index end,
                  FunctionRef<bool(const Indices& origin, const Indices& extents)> visit);

}  // namespace ndcat
