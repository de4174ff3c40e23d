#include "core/layout/piece_bounds.h"

namespace ndcat {

namespace {

bool lies_within(const Piece& piece, const Shape& shape) {
  for (int axis = 0; axis < shape.size(); ++axis) {
    const auto i = static_cast<std::size_t>(axis);
    if (piece.origin[i] < 0 || piece.extents[i] < 1) return false;
    if (piece.extents[i] > shape[axis] || piece.origin[i] > shape[axis] - piece.extents[i]) return false;
  }
  return true;
}

/// Every element starts at 0 or later and ends at 2^63 - 1 or sooner.
bool reaches_only_offsets(const Piece& piece, Index itemsize) {
  std::optional<Index> lowest = static_cast<Index>(piece.offset);
  std::optional<Index> highest = checked_add(*lowest, itemsize);
  for (std::size_t i = 0; i < piece.extents.size(); ++i) {
    const auto reach = checked_multiply(piece.strides[i], piece.extents[i] - 1);
    if (!reach || !lowest || !highest) return false;
    std::optional<Index>& end = *reach < 0 ? lowest : highest;
    end = checked_add(*end, *reach);
  }
  return lowest && highest && *lowest >= 0;
}

bool has_recipe(const Piece& piece, const ArrayView& view) {
  if (!piece.is_fill()) return piece.recipe < view.casts.size();
  return piece.recipe < view.fills.size() &&
         view.fills[piece.recipe].size() == static_cast<std::size_t>(view.dtype.itemsize());
}

}  // namespace

std::optional<Error> check_bounds(const ArrayView& view) {
  Index elements = 0;
  for (std::size_t i = 0; i < view.pieces.size(); ++i) {
    const Piece piece = view.pieces[i];
    const bool sound =
        lies_within(piece, view.shape) && has_recipe(piece, view) &&
        (piece.is_fill() || reaches_only_offsets(piece, view.casts[piece.recipe].front().itemsize()));
    const auto sum = sound ? checked_add(elements, *element_count(piece.extents)) : std::nullopt;
    if (!sum)
      return Error{"piece " + std::to_string(i) +
                   " leaves its bounds; this is a fault of ndcat, please report it"};
    elements = *sum;
  }
  if (elements != element_count(view.shape)) {
    return Error{"the pieces do not cover the array; this is a fault of ndcat, please report it"};
  }
  return std::nullopt;
}

}  // namespace ndcat
