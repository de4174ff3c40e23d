#include "core/reading/reader.h"

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <type_traits>
#include <vector>

#include "core/reading/gather.h"

namespace ndcat {

namespace {

/// The part of a source that a block touches, as distances in bytes from its first element.
struct Span {
  Index begin = 0, end = 0;
  [[nodiscard]] Index length() const { return end - begin; }
};

Span span_of(const BlockShape& shape, Index itemsize) {
  Span span{.begin = 0, .end = itemsize};
  for (int axis = 0; axis < shape.extents.size(); ++axis) {
    const Index reach = shape.from_strides[axis] * (shape.extents[axis] - 1);
    (reach < 0 ? span.begin : span.end) += reach;
  }
  return span;
}

/// The axis along which the block reaches farthest in its source. Precondition: rank >= 1.
int farthest_axis(const BlockShape& shape) {
  const auto reach = [&](int axis) { return std::abs(shape.from_strides[axis]) * (shape.extents[axis] - 1); };
  int best = 0;
  for (int axis = 1; axis < shape.extents.size(); ++axis) {
    if (reach(axis) > reach(best)) best = axis;
  }
  return best;
}

/// Room for `size` bytes that lasts until the next call in this thread. Kept by the thread and not by a
/// frame, which a fault in a map may leave without unwinding.
std::byte* scratch(Index size) {
  thread_local std::vector<std::byte> room;
  if (room.size() < static_cast<std::size_t>(size)) room.resize(static_cast<std::size_t>(size));
  return room.data();
}

/// Serves one segment. Trivially destructible on purpose, as is everything it holds.
class SegmentReader {
 public:
  SegmentReader(const Segment& segment, std::byte* out, SourceBytes& sources)
      : segment_(segment), to_(out + segment.to_offset), sources_(sources) {}

  ReadStatus run() {
    if (segment_.source == kFill) {
      fill();
      return ReadStatus::ok;
    }
    longest_span_ = sources_.longest_span(segment_.source);
    const Index offset = static_cast<Index>(segment_.offset);
    if (segment_.keep == 0 && is_one_run()) return copy_bytes(to_, offset, run_length());
    if (segment_.keep == 0) return gather(to_, offset, shape());
    if (segment_.conversion != nullptr) return convert_alone(to_, offset, segment_.skip, segment_.keep);
    return copy_bytes(to_, offset + segment_.skip, segment_.keep);
  }

 private:
  /// Whole elements that lie on both sides as they do on the other. The layout has merged such axes to one.
  [[nodiscard]] bool is_one_run() const {
    if (segment_.conversion != nullptr || segment_.extents.size() > 1) return false;
    return segment_.extents.empty() || (segment_.from_strides[0] == segment_.from_itemsize &&
                                        segment_.to_strides[0] == segment_.from_itemsize);
  }
  [[nodiscard]] Index run_length() const {
    return segment_.extents.empty() ? segment_.from_itemsize : segment_.extents[0] * segment_.from_itemsize;
  }

  /// Made only where it is needed: a run is copied in less time than this.
  [[nodiscard]] BlockShape shape() const {
    return {.extents = segment_.extents,
            .from_strides = segment_.from_strides,
            .to_strides = segment_.to_strides};
  }

  void fill() {
    if (segment_.keep == 0) {
      fill_block(to_, segment_.element.data(), shape(), segment_.to_itemsize);
    } else {
      std::memcpy(to_, segment_.element.data() + segment_.skip, static_cast<std::size_t>(segment_.keep));
    }
  }

  /// The block whose first element is at `offset`, in as many spans as the source needs. Every call below
  /// itself makes one axis shorter for good, so the depth is at most the rank.
  ReadStatus gather(std::byte* to, Index offset, const BlockShape& shape) {
    const Span span = span_of(shape, segment_.from_itemsize);
    if (span.length() > longest_span_) {
      return shape.extents.empty() ? gather_large_element(to, offset) : gather_split(to, offset, shape, span);
    }
    // Elements without bytes ("S0") can be converted, but not asked for.
    static constexpr std::byte kNothing{};
    const std::byte* bytes =
        span.length() == 0
            ? &kNothing
            : sources_.bytes(segment_.source, SourceOffset{offset + span.begin}, span.length());
    if (bytes == nullptr) return ReadStatus::source_failed;
    const std::byte* first = bytes - span.begin;
    if (segment_.conversion == nullptr) {
      copy_block(to, first, shape, segment_.from_itemsize);
      return ReadStatus::ok;
    }
    return convert_block(to, first, shape, *segment_.conversion) ? ReadStatus::ok
                                                                 : ReadStatus::conversion_failed;
  }

  ReadStatus gather_split(std::byte* to, Index offset, const BlockShape& shape, const Span& span) {
    const int axis = farthest_axis(shape);
    const Index extent = shape.extents[axis];
    const Index from_stride = shape.from_strides[axis], to_stride = shape.to_strides[axis];
    const Index rest = span.length() - std::abs(from_stride) * (extent - 1);
    const Index steps = rest <= longest_span_ ? (longest_span_ - rest) / std::abs(from_stride) + 1 : 1;
    BlockShape part = shape;
    if (steps == 1) {
      part.extents.erase(axis);
      part.from_strides.erase(axis);
      part.to_strides.erase(axis);
    }
    for (Index step = 0; step < extent; step += steps) {
      if (steps > 1) part.extents[axis] = std::min(steps, extent - step);
      const ReadStatus status = gather(to + step * to_stride, offset + step * from_stride, part);
      if (status != ReadStatus::ok) return status;
    }
    return ReadStatus::ok;
  }

  ReadStatus gather_large_element(std::byte* to, Index offset) {
    if (segment_.conversion == nullptr) return copy_bytes(to, offset, segment_.from_itemsize);
    return convert_alone(to, offset, 0, segment_.to_itemsize);
  }

  ReadStatus copy_bytes(std::byte* to, Index offset, Index length) {
    while (length > 0) {
      const Index step = std::min(length, longest_span_);
      if (!sources_.copy(to, segment_.source, SourceOffset{offset}, step)) return ReadStatus::source_failed;
      to += step;
      offset += step;
      length -= step;
    }
    return ReadStatus::ok;
  }

  /// Bytes [skip, skip + keep) of the converted element at `offset`, by way of scratch memory.
  ReadStatus convert_alone(std::byte* to, Index offset, Index skip, Index keep) {
    std::byte* original = scratch(segment_.from_itemsize + segment_.to_itemsize);
    std::byte* converted = original + segment_.from_itemsize;
    const ReadStatus status = copy_bytes(original, offset, segment_.from_itemsize);
    if (status != ReadStatus::ok) return status;
    if (!segment_.conversion->run(converted, 0, original, 0, 1)) return ReadStatus::conversion_failed;
    std::memcpy(to, converted + skip, static_cast<std::size_t>(keep));
    return ReadStatus::ok;
  }

  const Segment& segment_;
  std::byte* to_;
  SourceBytes& sources_;
  Index longest_span_ = 0;
};

static_assert(std::is_trivially_destructible_v<Segment> && std::is_trivially_destructible_v<SegmentReader>);

}  // namespace

ReadResult read(const FileLayout& layout, VirtualOffset begin, std::span<std::byte> out,
                SourceBytes& sources) {
  ReadResult result;
  const ByteRange range{.begin = begin, .length = static_cast<Index>(out.size())};
  layout.for_each_segment(range, [&](const Segment& segment) {
    result = {.status = SegmentReader(segment, out.data(), sources).run(), .source = segment.source};
    return result.status == ReadStatus::ok;
  });
  return result;
}

}  // namespace ndcat
