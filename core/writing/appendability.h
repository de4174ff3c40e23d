// Whether an array grows by rows when one of its sources grows at its end, and what stands in the way.
#pragma once

#include <optional>
#include <string>

#include "core/algebra/array_view.h"

namespace ndcat {

/// An array as it lies in its file: `shape` in `order` from `begin` on.
struct TailArray {
  SourceId source = 0;
  const Dtype& dtype;
  const Shape& shape;
  Order order = Order::c;
  SourceOffset begin{};
};

/// Why bytes behind the tail's array are not bytes behind the end of a file that shows `view` in `order`: a
/// reason that begins behind the tail's name. Nothing: they are, row by row along the slowest axis. Of a tail
/// without elements the view cannot tell where it stands; its last source is then taken to stand last.
[[nodiscard]] std::optional<std::string> find_append_obstacle(const ArrayView& view, Order order,
                                                              const TailArray& tail);

}  // namespace ndcat
