#include "core/layout/one_stretch.h"

namespace ndcat {
namespace {

// Axes are merged where both sides allow it: what is contiguous on both has no more than one.
bool is_contiguous(const Segment& segment) {
  if (segment.extents.empty()) return true;
  return segment.extents.size() == 1 && segment.from_strides[0] == segment.from_itemsize &&
         segment.to_strides[0] == segment.to_itemsize;
}

}  // namespace

std::optional<SourceStretch> one_stretch(const FileLayout& layout) {
  std::optional<SourceStretch> stretch;
  const ByteRange all = {.begin = VirtualOffset{0}, .length = layout.size()};
  const bool is_only_one = layout.for_each_segment(all, [&](const Segment& segment) {
    const bool is_copied = segment.source != kFill && segment.conversion == nullptr;
    if (stretch || !is_copied || !is_contiguous(segment)) return false;
    stretch = {segment.source, segment.offset};
    return true;
  });
  return is_only_one ? stretch : std::nullopt;
}

}  // namespace ndcat
