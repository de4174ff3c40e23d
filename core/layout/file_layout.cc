#include "core/layout/file_layout.h"

#include <algorithm>
#include <vector>

#include "core/algebra/array_size.h"
#include "core/algebra/numpy_strides.h"
#include "core/casts/conversion.h"
#include "core/layout/box_tree.h"
#include "core/layout/piece_bounds.h"
#include "core/layout/range_boxes.h"

namespace ndcat {

namespace {

/// An element that is converted is converted whole, whatever part of it is read; this bounds the memory it
/// takes.
constexpr Index kLargestConverted = Index{64} << 20;

/// How the elements of source pieces come to be elements of the view: one entry per entry of
/// ArrayView::casts.
struct Recipe {
  Conversion conversion;
  bool identity;
  Index from_itemsize;
};

Result<std::vector<Recipe>> compile(const ArrayView& view) {
  std::vector<Recipe> recipes;
  for (const std::vector<Dtype>& path : view.casts) {
    auto conversion = Conversion::chain(path);
    if (!conversion) return conversion.error();
    const bool identity = conversion->is_identity();
    const Index from = path.front().itemsize(), to = path.back().itemsize();
    if (!identity && std::max(from, to) > kLargestConverted) {
      return Error{"elements of " + std::to_string(std::max(from, to)) + " bytes cannot be converted from " +
                   path.front().name() + " to " + path.back().name() +
                   ": at most 64 MiB are; keep the dtype that the source has"};
    }
    recipes.push_back({.conversion = *std::move(conversion), .identity = identity, .from_itemsize = from});
  }
  return recipes;
}

}  // namespace

struct FileLayout::Plan {
  ArrayView view;
  Order order;
  Index size;
  AxisSequence file_axes;
  Shape file_shape;      // the extents in the order of file_axes
  Strides file_strides;  // bytes in the file per step along each axis of the view
  std::vector<Recipe> recipes;
  BoxTree tree;
  RunLengths run_lengths;

  /// The recipe of `piece`; its geometry is left alone.
  void set_recipe(Segment& segment, const Piece& piece) const {
    segment.source = piece.source;
    segment.recipe = piece.recipe;
    segment.to_itemsize = view.dtype.itemsize();
    if (piece.is_fill()) {
      segment.element = view.fills[piece.recipe];
      segment.conversion = nullptr;
      segment.from_itemsize = segment.to_itemsize;
      return;
    }
    const Recipe& recipe = recipes[piece.recipe];
    segment.element = {};
    segment.conversion = recipe.identity ? nullptr : &recipe.conversion;
    segment.from_itemsize = recipe.from_itemsize;
  }

  /// Visits the whole elements [begin, end), counted in the file. segment.skip and keep are left as they are.
  bool visit_elements(Index begin, Index end, Index range_begin, Segment& segment,
                      FunctionRef<bool(const Segment&)> visit) const {
    return for_each_box(file_shape, begin, end, [&](const Indices& file_origin, const Indices& file_extents) {
      Indices origin = file_origin, extents = file_extents;
      if (order == Order::f) {
        origin.reverse();
        extents.reverse();
      }
      Box box{.origin = origin, .end = origin};
      for (int axis = 0; axis < origin.size(); ++axis) box.end[axis] += extents[axis];
      return tree.for_each_meeting(view.pieces, box, [&](std::size_t i) {
        const Piece piece = view.pieces[i];
        set_recipe(segment, piece);
        set_geometry(segment, piece, origin, extents, file_strides, file_axes, range_begin);
        return visit(segment);
      });
    });
  }

  /// Visits the bytes [skip, skip + keep) of one element.
  bool visit_part(Index element, Index skip, Index keep, Index range_begin, Segment& segment,
                  FunctionRef<bool(const Segment&)> visit) const {
    segment.skip = skip;
    segment.keep = keep;
    // The part begins where the element does, plus what is skipped.
    const bool go_on = visit_elements(element, element + 1, range_begin - skip, segment, visit);
    segment.skip = segment.keep = 0;
    return go_on;
  }
};

FileLayout::FileLayout(std::unique_ptr<const Plan> plan) : plan_(std::move(plan)) {}
FileLayout::FileLayout(FileLayout&&) noexcept = default;
FileLayout& FileLayout::operator=(FileLayout&&) noexcept = default;
FileLayout::~FileLayout() = default;

const ArrayView& FileLayout::view() const { return plan_->view; }
Order FileLayout::order() const { return plan_->order; }
Index FileLayout::size() const { return plan_->size; }
RunLengths FileLayout::run_lengths() const { return plan_->run_lengths; }

Result<FileLayout> FileLayout::plan(ArrayView view, Order order, Index header_reserve) {
  const auto size = array_size(view.dtype, view.shape);
  if (!size) return size.error();
  if (!checked_add(*size, header_reserve)) {
    return Error{"an array of " + std::to_string(*size) + " bytes and its header are too big for a file"};
  }
  if (auto error = check_bounds(view)) return *error;
  auto recipes = compile(view);
  if (!recipes) return recipes.error();
  view.pieces.shrink_to_fit();

  const AxisSequence file_axes(view.shape.size(), order == Order::f);
  Shape file_shape = view.shape;
  if (order == Order::f) file_shape.reverse();
  BoxTree tree(view.pieces);
  const RunLengths run_lengths = find_run_lengths(view, file_axes);
  const Strides file_strides = mapped_strides(view.shape, view.dtype.itemsize(), order);
  return FileLayout(std::unique_ptr<const Plan>(new Plan{.view = std::move(view),
                                                         .order = order,
                                                         .size = *size,
                                                         .file_axes = file_axes,
                                                         .file_shape = file_shape,
                                                         .file_strides = file_strides,
                                                         .recipes = *std::move(recipes),
                                                         .tree = std::move(tree),
                                                         .run_lengths = run_lengths}));
}

bool FileLayout::for_each_segment(ByteRange range, FunctionRef<bool(const Segment&)> visit) const {
  if (range.length == 0) return true;
  const Index itemsize = plan_->view.dtype.itemsize();
  const Index begin = static_cast<Index>(range.begin), end = begin + range.length;
  Segment segment;
  Index first = begin / itemsize;
  if (const Index skip = begin % itemsize; skip != 0) {
    if (!plan_->visit_part(first, skip, std::min(itemsize - skip, range.length), begin, segment, visit))
      return false;
    ++first;
  }
  const Index last = end / itemsize;
  if (first < last && !plan_->visit_elements(first, last, begin, segment, visit)) return false;
  const Index rest = end % itemsize;
  return rest == 0 || last < first || plan_->visit_part(last, 0, rest, begin, segment, visit);
}

}  // namespace ndcat
