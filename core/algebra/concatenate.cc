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

std::optional<Error> join_refusal(const Shape& shape, Join join) {
  if (join == Join::concatenate && shape.empty()) {
    return Error{"zero-dimensional arrays cannot be concatenated; \"stack\" joins them along a new axis"};
  }
  if (join == Join::stack && shape.full()) {
    return Error{"stacking arrays of rank 32 gives rank 33, but NumPy's arrays have at most 32 axes"};
  }
  return std::nullopt;
}

Error joined_too_long(int axis) {
  return {"the extents along axis " + std::to_string(axis) + " add up to 2^63 or more"};
}

std::optional<Error> Concatenation::start(const Shape& first_shape) {
  if (auto refusal = join_refusal(first_shape, join_)) return refusal;
  const auto axis = normalize_axis(axis_, first_shape.size() + (join_ == Join::stack ? 1 : 0));
  if (!axis) return axis.error();
  joined_axis_ = *axis;
  first_shape_ = first_shape;
  return std::nullopt;
}

std::string known_extents(const Shape& shape) {
  std::string text = to_string(shape);
  for (std::size_t at = text.find("-1"); at != std::string::npos; at = text.find("-1"))
    text.replace(at, 2, "?");
  return text;
}

std::optional<Error> join_misfit(const Shape& shape, const Shape& like, const std::string& like_named,
                                 Join join, std::optional<int> axis) {
  const auto found = [&] { return "shape " + known_extents(shape) + " does not match " + like_named; };
  if (shape.size() != like.size()) {
    return Error{found() + ": " + std::to_string(shape.size()) + (shape.size() == 1 ? " axis" : " axes") +
                 " instead of " + std::to_string(like.size())};
  }
  Indices differing;
  for (int i = 0; i < shape.size(); ++i) {
    if (shape[i] != like[i] && shape[i] >= 0 && like[i] >= 0 && (join == Join::stack || i != axis)) {
      differing.push_back(i);
    }
  }
  if (differing.empty()) return std::nullopt;
  if (join == Join::concatenate && !axis) {
    if (differing.size() == 1) return std::nullopt;
    return Error{found() + " on axes " + std::to_string(differing[0]) + " and " +
                 std::to_string(differing[1]) + " (only one axis may differ)"};
  }
  const std::string on_axis = found() + " on axis " + std::to_string(differing[0]);
  if (join == Join::stack) return Error{on_axis + " (stacked arrays must have the same shape)"};
  return Error{on_axis + " (only axis " + std::to_string(*axis) + " may differ)"};
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
  if (auto error = first ? start(view.shape)
                         : join_misfit(view.shape, first_shape_, first_named, join_, joined_axis_)) {
    return error;
  }
  if (join_ == Join::stack) view = *with_new_axis(std::move(view), joined_axis_);
  if (first) {
    shape_ = view.shape;
    shape_[joined_axis_] = 0;
    pieces_ = PieceTable(shape_.size());
  }
  const auto extent = checked_add(shape_[joined_axis_], view.shape[joined_axis_]);
  if (!extent) return joined_too_long(joined_axis_);
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
