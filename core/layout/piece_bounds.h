// The proof that reading a view cannot leave its sources or its file, whatever range is asked for.
#pragma once

#include <optional>

#include "core/algebra/array_view.h"

namespace ndcat {

/// Checks for every piece that its box lies in the view's, that all bytes it can reach in its source have
/// offsets from 0 to 2^63 - 1, and that its recipe exists; and that the boxes hold as many elements as the
/// view. The algebra makes no other views: an error is a fault of this program, found before it can do harm.
/// Precondition: array_size(view) is ok.
std::optional<Error> check_bounds(const ArrayView& view);

}  // namespace ndcat
