#include "core/writing/appendability.h"

#include <algorithm>

#include "core/algebra/numpy_strides.h"

namespace ndcat {
namespace {

bool same_strides(std::span<const Index> strides, const Strides& dense, const Shape& shape) {
  for (int axis = 0; axis < shape.size(); ++axis) {
    if (shape[axis] > 1 && strides[static_cast<std::size_t>(axis)] != dense[axis]) return false;
  }
  return true;
}

/// The piece is all of the tail, and the last rows of the view.
bool is_last_rows(const Piece& piece, const ArrayView& view, int slowest, const TailArray& tail) {
  for (int axis = 0; axis < view.shape.size(); ++axis) {
    const auto i = static_cast<std::size_t>(axis);
    const Index before = axis == slowest ? view.shape[axis] - tail.shape[axis] : 0;
    if (piece.origin[i] != before || piece.extents[i] != tail.shape[axis]) return false;
  }
  const Strides dense = mapped_strides(tail.shape, tail.dtype.itemsize(), tail.order);
  return piece.offset == tail.begin && same_strides(piece.strides, dense, tail.shape);
}

bool has_rows_of(const ArrayView& view, int slowest, const TailArray& tail) {
  if (tail.shape.size() != view.shape.size()) return false;
  for (int axis = 0; axis < view.shape.size(); ++axis) {
    if (axis != slowest && tail.shape[axis] != view.shape[axis]) return false;
  }
  return true;
}

bool stands_last(const ArrayView& view, int slowest, const TailArray& tail) {
  if (!has_rows_of(view, slowest, tail)) return false;
  if (tail.shape[slowest] == 0) return true;
  std::size_t pieces = 0, last = 0;
  for (std::size_t i = 0; i < view.pieces.size(); ++i) {
    if (view.pieces[i].source != tail.source) continue;
    ++pieces;
    last = i;
  }
  return pieces == 1 && is_last_rows(view.pieces[last], view, slowest, tail);
}

}  // namespace

std::optional<std::string> find_append_obstacle(const ArrayView& view, Order order, const TailArray& tail) {
  const int rank = view.shape.size();
  if (rank == 0) return "belongs to an array without an axis to grow along";
  if (tail.dtype != view.dtype) {
    return "is " + tail.dtype.name() + " and the array " + view.dtype.name() +
           ": what is appended is not converted";
  }
  if (rank > 1 && tail.shape.size() == rank && tail.order != order) {
    return "lies in its file in another order than the array is shown in";
  }
  const int slowest = order == Order::c ? 0 : rank - 1;
  Index row = view.dtype.itemsize();
  for (int axis = 0; axis < rank; ++axis) row *= axis == slowest ? 1 : std::min<Index>(view.shape[axis], 1);
  if (row == 0) return "has rows without a byte";
  if (!stands_last(view, slowest, tail)) return "is not, whole and as it is, the last rows of the array";
  return std::nullopt;
}

}  // namespace ndcat
