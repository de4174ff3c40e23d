#include <utility>

#include "core/algebra/algebra.h"
#include "core/algebra/array_size.h"

namespace ndcat {

namespace {

/// Pieces that one view may hold, in bytes: far beyond any sensible manifest, and what stops those that
/// include each other many times over.
constexpr std::size_t kMostPieceBytes = std::size_t{128} << 20;

std::size_t most_pieces(int rank) { return kMostPieceBytes / (8 * (3 * static_cast<std::size_t>(rank) + 2)); }

/// a[:, :, np.newaxis] with the new axis before `axis`. Precondition: rank below 32.
Result<ArrayView> with_new_axis(ArrayView view, int axis) {
  Selection selection(static_cast<std::size_t>(axis), Slice{});
  selection.emplace_back(NewAxis{});
  return select(std::move(view), selection);
}

Result<ArrayView> join(std::vector<ArrayView> views, Index axis, Join how) {
  const std::string first_named = views.empty() ? "" : to_string(views.front().shape) + " of the first array";
  Concatenation concatenation(axis, how);
  for (ArrayView& view : views) {
    if (auto error = concatenation.add(std::move(view), first_named)) return *error;
  }
  return std::move(concatenation).finish();
}

}  // namespace

std::optional<Error> Concatenation::start(const Shape& first_shape) {
  if (join_ == Join::concatenate && first_shape.empty()) {
    return Error{"zero-dimensional arrays cannot be concatenated; \"stack\" joins them along a new axis"};
  }
  if (join_ == Join::stack && first_shape.full()) {
    return Error{"stacking arrays of rank 32 gives rank 33, but NumPy's arrays have at most 32 axes"};
  }
  const auto axis = normalize_axis(axis_, first_shape.size() + (join_ == Join::stack ? 1 : 0));
  if (!axis) return axis.error();
  joined_axis_ = *axis;
  first_shape_ = first_shape;
  return std::nullopt;
}

std::optional<Error> Concatenation::misfit(const Shape& shape, const std::string& first_named) const {
  const std::string found = "shape " + to_string(shape) + " does not match " + first_named;
  if (shape.size() != first_shape_.size()) {
    return Error{found + ": " + std::to_string(shape.size()) + " axes instead of " +
                 std::to_string(first_shape_.size())};
  }
  for (int axis = 0; axis < shape.size(); ++axis) {
    if (shape[axis] == first_shape_[axis]) continue;
    if (join_ == Join::stack) {
      return Error{found + " on axis " + std::to_string(axis) + " (stacked arrays must have the same shape)"};
    }
    if (axis == joined_axis_) continue;
    return Error{found + " on axis " + std::to_string(axis) + " (only axis " + std::to_string(joined_axis_) +
                 " may differ)"};
  }
  return std::nullopt;
}

void Concatenation::take_pieces(ArrayView view, const RecipeCollector::Renumbering& renumbering) {
  if (pieces_.size() == 0 && shape_[joined_axis_] == 0 && renumbering.is_identity()) {
    pieces_ = std::move(view.pieces);
    return;
  }
  for (std::size_t i = 0; i < view.pieces.size(); ++i) {
    Piece piece = view.pieces[i];
    Indices origin(piece.origin);
    origin[joined_axis_] += shape_[joined_axis_];
    piece.origin = origin;
    piece.recipe = piece.is_fill() ? renumbering.fills[piece.recipe] : renumbering.casts[piece.recipe];
    pieces_.add(piece);
  }
}

std::optional<Error> Concatenation::add(ArrayView view, const std::string& first_named) {
  const bool first = joined_axis_ < 0;
  if (auto error = first ? start(view.shape) : misfit(view.shape, first_named)) return error;
  if (join_ == Join::stack) view = *with_new_axis(std::move(view), joined_axis_);
  if (first) {
    shape_ = view.shape;
    shape_[joined_axis_] = 0;
    pieces_ = PieceTable(shape_.size());
  }
  const auto extent = checked_add(shape_[joined_axis_], view.shape[joined_axis_]);
  if (!extent) {
    return Error{"the extents along axis " + std::to_string(joined_axis_) + " add up to 2^63 or more"};
  }
  if (view.pieces.size() > most_pieces(shape_.size()) - pieces_.size()) {
    return Error{"the result has more than " + std::to_string(most_pieces(shape_.size())) +
                 " pieces, which is too many"};
  }
  promotion_.add(view.dtype);
  axis_order_.add(view.shape, view.numpy_strides);
  const auto renumbering = recipes_.add(view);
  take_pieces(std::move(view), renumbering);
  shape_[joined_axis_] = *extent;
  return std::nullopt;
}

Result<ArrayView> Concatenation::finish() && {
  if (joined_axis_ < 0) {
    return Error{std::string("need at least one array to ") +
                 (join_ == Join::stack ? "stack" : "concatenate")};
  }
  const auto dtype = promotion_.result();
  if (!dtype) return dtype.error();
  if (const auto size = array_size(*dtype, shape_); !size) return size.error();
  ArrayView result{.dtype = *dtype,
                   .shape = shape_,
                   .pieces = std::move(pieces_),
                   .casts = {},
                   .fills = {},
                   .numpy_strides = {}};
  if (auto error = std::move(recipes_).finish(result)) return *error;
  const auto slowest_first = axis_order_.slowest_first(shape_.size());
  result.numpy_strides = new_strides_along(shape_, dtype->itemsize(), slowest_first);
  return result;
}

Result<ArrayView> concatenate(std::vector<ArrayView> views, Index axis) {
  return join(std::move(views), axis, Join::concatenate);
}

Result<ArrayView> stack(std::vector<ArrayView> views, Index axis) {
  return join(std::move(views), axis, Join::stack);
}

}  // namespace ndcat
