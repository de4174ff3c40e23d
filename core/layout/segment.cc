#include "core/layout/segment.h"

#include <algorithm>

namespace ndcat {

namespace {

/// Adds an axis inside those that `segment` has, or merges it with the innermost.
void add_axis(Segment& segment, Index extent, Index from_stride, Index to_stride) {
  if (extent == 1) return;
  const int last = segment.extents.size() - 1;
  if (last >= 0 && segment.from_strides[last] == from_stride * extent &&
      segment.to_strides[last] == to_stride * extent) {
    segment.extents[last] *= extent;
    segment.from_strides[last] = from_stride;
    segment.to_strides[last] = to_stride;
    return;
  }
  segment.extents.push_back(extent);
  segment.from_strides.push_back(from_stride);
  segment.to_strides.push_back(to_stride);
}

}  // namespace

void set_geometry(Segment& segment, const Piece& piece, const Indices& origin, const Indices& extents,
                  const Strides& to_strides, const AxisSequence& file_axes, Index range_begin) {
  Index offset = static_cast<Index>(piece.offset);
  Index to_offset = -range_begin;
  segment.extents.clear();
  segment.from_strides.clear();
  segment.to_strides.clear();
  for (int position = 0; position < origin.size(); ++position) {
    const int axis = file_axes[position];
    const auto i = static_cast<std::size_t>(axis);
    const Index begin = std::max(origin[axis], piece.origin[i]);
    const Index end = std::min(origin[axis] + extents[axis], piece.origin[i] + piece.extents[i]);
    offset += (begin - piece.origin[i]) * piece.strides[i];
    to_offset += begin * to_strides[axis];
    add_axis(segment, end - begin, piece.strides[i], to_strides[axis]);
  }
  segment.offset = SourceOffset{offset};
  segment.to_offset = to_offset;
}

}  // namespace ndcat
