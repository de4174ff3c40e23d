#include <algorithm>
#include <utility>

#include "core/algebra/algebra.h"

namespace ndcat {

namespace {

/// What one axis of the array becomes: `count` indices from `start` on, `step` apart.
struct AxisCut {
  Index start = 0, step = 1, count = 0;
};

/// A basic index made complete.
struct Cuts {
  std::vector<AxisCut> axes;  // one per axis of the array
  Indices result_axes;        // per axis of the result: the axis of the array that it was, or kNewAxis
};
constexpr Index kNewAxis = -1;

std::uint64_t magnitude(Index value) {
  return value < 0 ? std::uint64_t{0} - static_cast<std::uint64_t>(value) : static_cast<std::uint64_t>(value);
}

/// Python's slice.indices(extent); NumPy's start and step where nothing is left.
AxisCut cut_of(const Slice& slice, Index extent) {
  const Index step = slice.step.value_or(1);
  const Index lowest = step < 0 ? -1 : 0;
  const Index highest = step < 0 ? extent - 1 : extent;
  const auto bounded = [&](Index position) {
    return std::clamp(position < 0 ? position + extent : position, lowest, highest);
  };
  const Index start = slice.start ? bounded(*slice.start) : (step < 0 ? highest : lowest);
  const Index stop = slice.stop ? bounded(*slice.stop) : (step < 0 ? lowest : highest);
  if (step < 0 ? start <= stop : stop <= start) return {.start = 0, .step = 1, .count = 0};
  const Index count = static_cast<Index>((magnitude(stop - start) - 1) / magnitude(step)) + 1;
  return {.start = start, .step = count == 1 ? 1 : step, .count = count};
}

template <class Item>
bool is(const SelectItem& item) {
  return std::holds_alternative<Item>(item);
}

/// How many axes of the array `selection` names.
Index count_named_axes(const Selection& selection) {
  return std::count_if(selection.begin(), selection.end(),
                       [](const SelectItem& item) { return is<Index>(item) || is<Slice>(item); });
}

/// Why an index of these items cannot be one of an array of that rank, whatever its extents.
std::vector<Error> rank_misfits(const Selection& selection, int rank) {
  std::vector<Error> misfits;
  if (std::count_if(selection.begin(), selection.end(), is<Ellipsis>) > 1) {
    misfits.push_back({"an index can only have a single ellipsis ('...')"});
  }
  const Index named = count_named_axes(selection);
  if (named > rank) {
    misfits.push_back({"too many indices for array: array is " + std::to_string(rank) + "-dimensional, but " +
                       std::to_string(named) + " were indexed"});
  }
  const auto result_rank = rank - std::count_if(selection.begin(), selection.end(), is<Index>) +
                           std::count_if(selection.begin(), selection.end(), is<NewAxis>);
  if (named <= rank && result_rank > kMaxRank) {
    misfits.push_back({"number of dimensions must be within [0, 32], indexing result would have " +
                       std::to_string(result_rank)});
  }
  return misfits;
}

/// Calls `item_at(item, axis)` for each item, `axis` being the first axis of the array that is still free,
/// and `whole_axis(axis)` for each axis that no item names. Precondition: no rank_misfits().
template <class ItemAt, class WholeAxis>
void walk(const Selection& selection, int rank, const ItemAt& item_at, const WholeAxis& whole_axis) {
  const int unnamed = rank - static_cast<int>(count_named_axes(selection));
  int axis = 0;
  const auto whole_axes = [&](int count) {
    for (; count > 0; --count) whole_axis(axis++);
  };
  for (const SelectItem& item : selection) {
    if (is<Ellipsis>(item)) {
      whole_axes(unnamed);
    } else {
      item_at(item, axis);
      if (!is<NewAxis>(item)) ++axis;
    }
  }
  whole_axes(rank - axis);
}

/// Precondition: no misfits.
Cuts complete(const Selection& selection, const Shape& shape) {
  Cuts cuts;
  const auto item_at = [&](const SelectItem& item, int axis) {
    if (is<NewAxis>(item)) {
      cuts.result_axes.push_back(kNewAxis);
    } else if (const Slice* slice = std::get_if<Slice>(&item)) {
      cuts.result_axes.push_back(axis);
      cuts.axes.push_back(cut_of(*slice, shape[axis]));
    } else {
      const Index position = std::get<Index>(item);
      cuts.axes.push_back({.start = position < 0 ? position + shape[axis] : position, .step = 1, .count = 1});
    }
  };
  const auto whole_axis = [&](int axis) {
    cuts.result_axes.push_back(axis);
    cuts.axes.push_back({.start = 0, .step = 1, .count = shape[axis]});
  };
  walk(selection, shape.size(), item_at, whole_axis);
  return cuts;
}

/// The steps k of `cut` with origin <= start + k * step < origin + extent, as first and count (0: none).
std::pair<Index, Index> steps_within(const AxisCut& cut, Index origin, Index extent) {
  if (cut.count == 0) return {0, 0};
  const Index last = origin + extent - 1;
  // Distances from the start to the near and the far end of the box, in the direction of the step.
  const Index near = cut.step > 0 ? origin - cut.start : cut.start - last;
  const Index far = cut.step > 0 ? last - cut.start : cut.start - origin;
  if (far < 0) return {0, 0};
  const Index stride = static_cast<Index>(magnitude(cut.step));
  const Index first = near <= 0 ? 0 : (near - 1) / stride + 1;
  const Index end = std::min(far / stride + 1, cut.count);
  return {first, std::max<Index>(end - first, 0)};
}

/// Puts what `cuts` leave of `piece`, if anything, into `pieces`.
void cut_piece(const Piece& piece, const Cuts& cuts, PieceTable& pieces) {
  Indices origin, extents, strides;
  Index offset = static_cast<Index>(piece.offset);
  for (std::size_t axis = 0; axis < cuts.axes.size(); ++axis) {
    const AxisCut& cut = cuts.axes[axis];
    const auto [first, count] = steps_within(cut, piece.origin[axis], piece.extents[axis]);
    if (count == 0) return;
    offset += (cut.start + first * cut.step - piece.origin[axis]) * piece.strides[axis];
    origin.push_back(first);
    extents.push_back(count);
    strides.push_back(count == 1 ? 0 : piece.strides[axis] * cut.step);
  }
  Indices new_origin, new_extents, new_strides;
  for (const Index axis : cuts.result_axes) {
    const int from = static_cast<int>(axis);
    new_origin.push_back(axis == kNewAxis ? 0 : origin[from]);
    new_extents.push_back(axis == kNewAxis ? 1 : extents[from]);
    new_strides.push_back(axis == kNewAxis ? 0 : strides[from]);
  }
  pieces.add({.origin = new_origin,
              .extents = new_extents,
              .strides = new_strides,
              .offset = SourceOffset{offset},
              .source = piece.source,
              .recipe = piece.recipe});
}

std::string to_string(const Slice& slice) {
  const auto number = [](const std::optional<Index>& value) { return value ? std::to_string(*value) : ""; };
  return number(slice.start) + ":" + number(slice.stop) + (slice.step ? ":" + number(slice.step) : "");
}

}  // namespace

std::vector<Error> select_misfits(const Selection& selection, const Shape& shape) {
  std::vector<Error> misfits = rank_misfits(selection, shape.size());
  if (!misfits.empty()) return misfits;
  const auto item_at = [&](const SelectItem& item, int axis) {
    const Slice* const slice = std::get_if<Slice>(&item);
    if (slice != nullptr && slice->step == 0) misfits.push_back({"slice step cannot be zero"});
    if (!is<Index>(item) || shape[axis] < 0) return;
    const Index index = std::get<Index>(item);
    if (index >= -shape[axis] && index < shape[axis]) return;
    misfits.push_back({"index " + std::to_string(index) + " is out of bounds for axis " +
                       std::to_string(axis) + " with size " + std::to_string(shape[axis])});
  };
  walk(selection, shape.size(), item_at, [](int) {});
  return misfits;
}

Shape selected_shape(const Selection& selection, const Shape& shape) {
  Shape result;
  const auto item_at = [&](const SelectItem& item, int axis) {
    if (is<NewAxis>(item)) result.push_back(1);
    if (const Slice* const slice = std::get_if<Slice>(&item)) {
      result.push_back(shape[axis] < 0 ? -1 : cut_of(*slice, shape[axis]).count);
    }
  };
  walk(selection, shape.size(), item_at, [&](int axis) { result.push_back(shape[axis]); });
  return result;
}

Result<ArrayView> select(ArrayView view, const Selection& selection) {
  if (const auto misfits = select_misfits(selection, view.shape); !misfits.empty()) return misfits.front();
  const Cuts cuts = complete(selection, view.shape);
  Shape shape;
  Strides numpy_strides;
  for (const Index axis : cuts.result_axes) {
    if (axis == kNewAxis) {
      shape.push_back(1);
      numpy_strides.push_back(0);
      continue;
    }
    const AxisCut& cut = cuts.axes[static_cast<std::size_t>(axis)];
    shape.push_back(cut.count);
    numpy_strides.push_back(view.numpy_strides[static_cast<int>(axis)] * cut.step);
  }
  PieceTable pieces(shape.size());
  for (std::size_t i = 0; i < view.pieces.size(); ++i) cut_piece(view.pieces[i], cuts, pieces);
  view.pieces = std::move(pieces);
  view.shape = shape;
  view.numpy_strides = numpy_strides;
  return view;
}

std::string to_string(const Selection& selection) {
  std::string text;
  for (const SelectItem& item : selection) {
    if (!text.empty()) text += ", ";
    if (const Index* index = std::get_if<Index>(&item)) text += std::to_string(*index);
    if (const Slice* slice = std::get_if<Slice>(&item)) text += to_string(*slice);
    if (is<Ellipsis>(item)) text += "...";
    if (is<NewAxis>(item)) text += "newaxis";
  }
  return text;
}

}  // namespace ndcat
