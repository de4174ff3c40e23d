#include <array>
#include <utility>

#include "core/algebra/algebra.h"

namespace ndcat {

namespace {

using Permutation = std::array<int, kMaxRank>;

Indices permuted(std::span<const Index> values, const Permutation& axes) {
  Indices result;
  for (std::size_t i = 0; i < values.size(); ++i) result.push_back(values[static_cast<std::size_t>(axes[i])]);
  return result;
}

/// Precondition: they have no misfits.
Permutation permutation_of(const std::optional<std::vector<Index>>& axes, int rank) {
  Permutation result{};
  for (int i = 0; i < rank; ++i) {
    const auto at = static_cast<std::size_t>(i);
    result[at] = axes ? normalize_axis((*axes)[at], rank).value() : rank - 1 - i;
  }
  return result;
}

}  // namespace

Result<int> normalize_axis(Index axis, int rank) {
  if (axis < -rank || axis >= rank) {
    return Error{"axis " + std::to_string(axis) + " is out of bounds for array of dimension " +
                 std::to_string(rank)};
  }
  return static_cast<int>(axis < 0 ? axis + rank : axis);
}

std::vector<Error> transpose_misfits(const std::vector<Index>& axes, int rank) {
  if (axes.size() != static_cast<std::size_t>(rank)) {
    return {Error{"transpose needs " + std::to_string(rank) + " axes for an array of rank " +
                  std::to_string(rank) + ", not " + std::to_string(axes.size())}};
  }
  std::vector<Error> misfits;
  std::array<bool, kMaxRank> used{};
  for (const Index named : axes) {
    const auto axis = normalize_axis(named, rank);
    if (!axis) {
      misfits.push_back(axis.error());
    } else if (std::exchange(used[static_cast<std::size_t>(*axis)], true)) {
      misfits.push_back({"transpose names axis " + std::to_string(*axis) + " twice"});
    }
  }
  return misfits;
}

Shape transposed_shape(const Shape& shape, const std::optional<std::vector<Index>>& axes) {
  return permuted(shape, permutation_of(axes, shape.size()));
}

Result<ArrayView> transpose(ArrayView view, const std::optional<std::vector<Index>>& axes) {
  const int rank = view.shape.size();
  if (axes) {
    if (const auto misfits = transpose_misfits(*axes, rank); !misfits.empty()) return misfits.front();
  }
  const Permutation permutation = permutation_of(axes, rank);
  PieceTable pieces(rank);
  pieces.reserve(view.pieces.size());
  for (std::size_t i = 0; i < view.pieces.size(); ++i) {
    const Piece piece = view.pieces[i];
    pieces.add({.origin = permuted(piece.origin, permutation),
                .extents = permuted(piece.extents, permutation),
                .strides = permuted(piece.strides, permutation),
                .offset = piece.offset,
                .source = piece.source,
                .recipe = piece.recipe});
  }
  view.pieces = std::move(pieces);
  view.shape = permuted(view.shape, permutation);
  view.numpy_strides = permuted(view.numpy_strides, permutation);
  return view;
}

}  // namespace ndcat
