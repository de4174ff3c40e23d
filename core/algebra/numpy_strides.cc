#include "core/algebra/numpy_strides.h"

#include <algorithm>
#include <cstdlib>
#include <numeric>
#include <optional>

namespace ndcat {

namespace {

bool has_no_bytes(const Shape& shape, Index itemsize) {
  return itemsize == 0 || std::find(shape.begin(), shape.end(), 0) != shape.end();
}

std::array<int, kMaxRank> axes_in(Order order, int rank) {
  std::array<int, kMaxRank> axes{};
  std::iota(axes.begin(), axes.begin() + rank, 0);
  if (order == Order::f) std::reverse(axes.begin(), axes.begin() + rank);
  return axes;
}

/// The axes by falling |stride|; equal ones in C order.
std::array<int, kMaxRank> axes_by_stride(const Strides& strides) {
  std::array<int, kMaxRank> axes = axes_in(Order::c, strides.size());
  std::stable_sort(axes.begin(), axes.begin() + strides.size(),
                   [&](int a, int b) { return std::abs(strides[a]) > std::abs(strides[b]); });
  return axes;
}

}  // namespace

Strides mapped_strides(const Shape& shape, Index itemsize, Order order) {
  Strides strides = Strides::filled(shape.size(), 0);
  const auto slowest_first = axes_in(order, shape.size());
  Index stride = itemsize;
  for (int i = shape.size() - 1; i >= 0; --i) {
    const int axis = slowest_first[static_cast<std::size_t>(i)];
    strides[axis] = stride;
    stride *= std::max<Index>(shape[axis], 1);
  }
  return strides;
}

Strides new_strides_along(const Shape& shape, Index itemsize, std::span<const int> slowest_first) {
  Strides strides = Strides::filled(shape.size(), 0);
  if (has_no_bytes(shape, itemsize)) return strides;
  Index stride = itemsize;
  for (int i = shape.size() - 1; i >= 0; --i) {
    const int axis = slowest_first[static_cast<std::size_t>(i)];
    strides[axis] = stride;
    stride *= shape[axis];
  }
  return strides;
}

Strides new_strides(const Shape& shape, Index itemsize, Order order) {
  return new_strides_along(shape, itemsize, axes_in(order, shape.size()));
}

Strides keep_order_strides(const Shape& shape, const Strides& prototype, Index prototype_itemsize,
                           Index itemsize) {
  if (is_contiguous(shape, prototype, prototype_itemsize, Order::c))
    return new_strides(shape, itemsize, Order::c);
  if (is_contiguous(shape, prototype, prototype_itemsize, Order::f))
    return new_strides(shape, itemsize, Order::f);
  return new_strides_along(shape, itemsize, axes_by_stride(prototype));
}

bool is_contiguous(const Shape& shape, const Strides& strides, Index itemsize, Order order) {
  if (has_no_bytes(shape, itemsize)) return true;
  const auto slowest_first = axes_in(order, shape.size());
  Index expected = itemsize;
  for (int i = shape.size() - 1; i >= 0; --i) {
    const int axis = slowest_first[static_cast<std::size_t>(i)];
    if (shape[axis] == 1) continue;
    if (strides[axis] != expected) return false;
    expected *= shape[axis];
  }
  return true;
}

void AxisOrderVote::add(const Shape& shape, const Strides& strides) {
  for (int a = 1; a < shape.size(); ++a) {
    if (shape[a] == 1) continue;
    for (int b = 0; b < a; ++b) {
      if (shape[b] == 1) continue;
      const std::uint32_t bit = std::uint32_t{1} << b;
      compared_[static_cast<std::size_t>(a)] |= bit;
      if (std::abs(strides[a]) <= std::abs(strides[b])) kept_as_is_[static_cast<std::size_t>(a)] |= bit;
    }
  }
}

// NumPy's insertion sort, stable and from slow to fast. One input that finds axis `a` no slower than `b`
// outvotes all others; without any input that can tell, the search goes on further out. Axes are inserted in
// rising order, so the axis to insert is always the higher one of a pair.
std::array<int, kMaxRank> AxisOrderVote::slowest_first(int rank) const {
  std::array<int, kMaxRank> axes = axes_in(Order::c, rank);
  for (int i = 1; i < rank; ++i) {
    const std::size_t inserted = static_cast<std::size_t>(i);
    int position = i;
    for (int j = i - 1; j >= 0; --j) {
      const std::uint32_t bit = std::uint32_t{1} << axes[static_cast<std::size_t>(j)];
      if ((compared_[inserted] & bit) == 0) continue;
      if ((kept_as_is_[inserted] & bit) != 0) break;
      position = j;
    }
    std::rotate(axes.begin() + position, axes.begin() + i, axes.begin() + i + 1);
  }
  return axes;
}

}  // namespace ndcat
