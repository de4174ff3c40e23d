// The size of an array, checked: the one place that says which shapes are too big.
#pragma once

#include "core/dtypes/dtype.h"
#include "core/indices.h"
#include "core/result.h"

namespace ndcat {

/// Bytes of an array. Error: an extent is negative, or the product of the itemsize (at least 1) and all
/// extents that are not 0 does not fit an Index. NumPy refuses the same, arrays without elements included, so
/// strides always fit too.
Result<Index> array_size(const Dtype& dtype, const Shape& shape);

}  // namespace ndcat
