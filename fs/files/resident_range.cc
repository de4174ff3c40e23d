#include "fs/files/resident_range.h"

#include <sys/uio.h>

#include <cstdlib>
#include <optional>
#include <variant>

#include "fs/files/residency.h"

namespace ndcat {
namespace {

constexpr Index kLongestSpan = Index{256} << 10;

struct Span {
  Index begin = 0, length = 0;
};

/// What the segment touches of its source, from the first byte to the last.
Span span_of(const Segment& segment) {
  Index begin = static_cast<Index>(segment.offset), end = begin + segment.from_itemsize;
  for (int axis = 0; axis < segment.extents.size(); ++axis) {
    const Index reach = segment.from_strides[axis] * (segment.extents[axis] - 1);
    (reach < 0 ? begin : end) += reach;
  }
  return {begin, end - begin};
}

/// For a file of which residency() says nothing, because it is somebody else's: a byte can be read at once or
/// not.
bool is_at_hand(int fd, Index offset) {
  std::byte byte;
  iovec where = {&byte, 1};
  return ::preadv2(fd, &where, 1, offset, RWF_NOWAIT) == 1;
}

bool is_resident(const Handle& handle, Span span) {
  const Residency found = residency(handle.fd(), handle.map(), span.begin, span.length);
  if (found != Residency::unknown) return found == Residency::all;
  return is_at_hand(handle.fd(), span.begin) && is_at_hand(handle.fd(), span.begin + span.length - 1);
}

}  // namespace

bool is_resident(const FileLayout& layout, ByteRange range, Sources& sources, const SourceTable& uses) {
  std::optional<PathWalk> walk;
  return layout.for_each_segment(range, [&](const Segment& segment) {
    if (segment.source == kFill) return true;
    const Span span = span_of(segment);
    if (span.length == 0) return true;
    if (span.length > kLongestSpan) return false;
    const auto opened = sources.open(uses[segment.source].id, walk);
    if (!std::holds_alternative<Handle*>(opened)) return false;
    Handle* const handle = std::get<Handle*>(opened);
    const bool result = is_resident(*handle, span);
    handle->let_go();
    return result;
  });
}

}  // namespace ndcat
