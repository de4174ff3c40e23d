#include "core/algebra/algebra.h"
#include "core/algebra/array_size.h"

namespace ndcat {

namespace {

/// One piece that is the whole of `view.shape`, unless that has no elements.
void add_whole(ArrayView& view, const Strides& strides, SourceOffset offset, SourceId source) {
  if (element_count(view.shape) == 0) return;
  Strides canonical = strides;
  for (int axis = 0; axis < canonical.size(); ++axis) {
    if (view.shape[axis] == 1) canonical[axis] = 0;
  }
  view.pieces.add({.origin = Indices::filled(view.shape.size(), 0),
                   .extents = view.shape,
                   .strides = canonical,
                   .offset = offset,
                   .source = source,
                   .recipe = 0});
}

}  // namespace

Result<ArrayView> source_view(SourceId source, Index source_size, const Dtype& dtype, const Shape& shape,
                              Order order, SourceOffset offset) {
  const auto size = array_size(dtype, shape);
  if (!size) return size.error();
  const Index begin = static_cast<Index>(offset);
  const auto end = checked_add(begin, *size);
  if (begin < 0) return Error{"the offset of an array is at least 0 bytes, not " + std::to_string(begin)};
  if (!end || *end > source_size) {
    return Error{"an array of shape " + to_string(shape) + " and dtype " + dtype.name() + " takes " +
                 std::to_string(*size) + " bytes from byte " + std::to_string(begin) +
                 " on, but the source has only " + std::to_string(source_size) + " bytes"};
  }
  const Strides strides = mapped_strides(shape, dtype.itemsize(), order);
  ArrayView view{.dtype = dtype,
                 .shape = shape,
                 .pieces = PieceTable(shape.size()),
                 .casts = {{dtype}},
                 .fills = {},
                 .numpy_strides = strides};
  add_whole(view, strides, offset, source);
  return view;
}

Result<ArrayView> full_view(const Dtype& dtype, const Shape& shape, std::span<const std::byte> element) {
  if (const auto size = array_size(dtype, shape); !size) return size.error();
  ArrayView view{.dtype = dtype,
                 .shape = shape,
                 .pieces = PieceTable(shape.size()),
                 .casts = {},
                 .fills = {{element.begin(), element.end()}},
                 .numpy_strides = new_strides(shape, dtype.itemsize(), Order::c)};
  add_whole(view, Indices::filled(shape.size(), 0), SourceOffset{0}, kFill);
  return view;
}

}  // namespace ndcat
