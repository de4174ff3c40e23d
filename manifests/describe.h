// The text of X.json: the resolved description of an array in a file, itself a valid manifest.
#pragma once

#include <string>

#include "core/dtypes/dtype.h"
#include "core/indices.h"
#include "core/order.h"

namespace ndcat {

/// {"path": ..., "dtype": ..., "shape": ..., "order": ..., "offset": ...} and a newline.
[[nodiscard]] std::string describe_array(const std::string& path, const Dtype& dtype, const Shape& shape,
                                         Order order, Index offset);

}  // namespace ndcat
