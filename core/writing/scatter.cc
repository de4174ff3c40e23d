#include "core/writing/scatter.h"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <cstring>
#include <numeric>
#include <vector>

#include "core/reading/gather.h"

namespace ndcat {
namespace {

/// Room for `size` bytes that lasts until the next call in this thread.
std::byte* scratch(Index size) {
  thread_local std::vector<std::byte> room;
  if (room.size() < static_cast<std::size_t>(size)) room.resize(static_cast<std::size_t>(size));
  return room.data();
}

/// Where a walk over some axes of a segment is, in bytes from the first element.
struct Position {
  Index in_source = 0, in_file = 0;
};

/// Calls visit(position) for every index of `axes`, the last one fastest, until it gives something but ok.
template <class Visit>
WriteStatus for_each_position(const Segment& segment, std::span<const int> axes, Visit visit) {
  Indices index = Indices::filled(static_cast<int>(axes.size()), 0);
  for (Position at;;) {
    if (const WriteStatus status = visit(at); status != WriteStatus::ok) return status;
    int i = index.size() - 1;
    for (; i >= 0; --i) {
      const int axis = axes[static_cast<std::size_t>(i)];
      const Index extent = segment.extents[axis];
      at.in_source += segment.from_strides[axis];
      at.in_file += segment.to_strides[axis];
      if (++index[i] < extent) break;
      index[i] = 0;
      at.in_source -= segment.from_strides[axis] * extent;
      at.in_file -= segment.to_strides[axis] * extent;
    }
    if (i < 0) return WriteStatus::ok;
  }
}

/// The axes of a segment as its source sees them: those that make up one contiguous run, and the others, the
/// largest strides first, so that the file is walked from its beginning to its end.
struct SourceRuns {
  std::array<int, kMaxRank> order{};  // the outer axes, then the inner ones
  std::size_t outer = 0, all = 0;
  Index length = 0;      // bytes of a run
  Index first = 0;       // of a run's first element, from the run's lowest byte on
  BlockShape shape;      // of a run's elements; `from` is the virtual file, `to` the source
  bool is_same = false;  // a run lies in the virtual file as it lies in the source

  explicit SourceRuns(const Segment& segment) : all(static_cast<std::size_t>(segment.extents.size())) {
    std::iota(order.begin(), order.end(), 0);
    std::sort(order.begin(), order.begin() + static_cast<std::ptrdiff_t>(all), [&](int a, int b) {
      return std::abs(segment.from_strides[a]) > std::abs(segment.from_strides[b]);
    });
    length = segment.from_itemsize;
    is_same = true;
    for (outer = all; outer > 0; --outer) {
      const int axis = order[outer - 1];
      const Index extent = segment.extents[axis], stride = segment.from_strides[axis];
      if (std::abs(stride) != length) break;
      if (stride < 0) first += length * (extent - 1);
      is_same = is_same && stride == segment.to_strides[axis];
      length *= extent;
      shape.extents.insert(0, extent);
      shape.from_strides.insert(0, segment.to_strides[axis]);
      shape.to_strides.insert(0, stride);
    }
  }
  [[nodiscard]] std::span<const int> outer_axes() const { return std::span(order).first(outer); }
};

/// True when the element at `file` is what going back and forth makes of it. `back` becomes the source's
/// element; behind it there is room for one of the file's.
bool comes_back(const InverseCast& cast, const std::byte* file, std::byte* back) {
  std::byte* const forth = back + cast.source_itemsize();
  return cast.back().run(back, 0, file, 0, 1) && cast.forth()->run(forth, 0, back, 0, 1) &&
         std::memcmp(file, forth, static_cast<std::size_t>(cast.file_itemsize())) == 0;
}

/// The elements of a row of the file, `stride` bytes apart.
bool all_come_back(const InverseCast& cast, const std::byte* file, Index stride, Index count) {
  constexpr Index kAtOnce = 512;
  const Index most = std::min(count, kAtOnce), source_size = cast.source_itemsize();
  const Index file_size = cast.file_itemsize();
  std::byte* const back = scratch(most * (source_size + file_size));
  std::byte* const forth = back + most * source_size;
  for (Index done = 0; done < count; done += most) {
    const Index n = std::min(most, count - done);
    const std::byte* const from = file + done * stride;
    if (!cast.back().run(back, source_size, from, stride, n) ||
        !cast.forth()->run(forth, file_size, back, source_size, n)) {
      return false;
    }
    for (Index i = 0; i < n; ++i) {
      if (std::memcmp(from + i * stride, forth + i * file_size, static_cast<std::size_t>(file_size)) != 0)
        return false;
    }
  }
  return true;
}

/// A part of one element that is bytes of its own.
WriteStatus check_bytes(const Segment& segment, const InverseCast& cast, const std::byte* part) {
  for (Index i = 0; i < segment.keep; ++i) {
    const bool is_padding = cast.map()[static_cast<std::size_t>(segment.skip + i)] == kPadding;
    if (is_padding && part[i] != std::byte{0}) return WriteStatus::not_exact;
  }
  return WriteStatus::ok;
}

WriteStatus write_bytes(const Segment& segment, const InverseCast& cast, const std::byte* part,
                        SourceSink& sink) {
  for (Index i = 0; i < segment.keep; ++i) {
    const std::int32_t place = cast.map()[static_cast<std::size_t>(segment.skip + i)];
    if (place == kPadding) continue;
    const SourceOffset at{static_cast<Index>(segment.offset) + place};
    if (!sink.write(segment.source, at, {part + i, 1})) return WriteStatus::source_failed;
  }
  return WriteStatus::ok;
}

/// A part of one element that is a value: puts what the whole will be, as the source has it, into scratch
/// memory and its address into `element`.
WriteStatus merge_value(const Segment& segment, const InverseCast& cast, const std::byte* part,
                        SourceSink& sink, const std::byte*& element) {
  const Index source_size = cast.source_itemsize(), file_size = cast.file_itemsize();
  std::byte* const back = scratch(source_size + 2 * file_size);
  std::byte* const file = back + source_size + file_size;
  if (!sink.read(segment.source, segment.offset, {back, static_cast<std::size_t>(source_size)})) {
    return WriteStatus::source_failed;
  }
  if (!cast.forth()->run(file, 0, back, 0, 1)) return WriteStatus::not_exact;
  std::memcpy(file + segment.skip, part, static_cast<std::size_t>(segment.keep));
  element = back;
  return comes_back(cast, file, back) ? WriteStatus::ok : WriteStatus::not_exact;
}

WriteStatus write_value(const Segment& segment, const InverseCast& cast, const std::byte* part,
                        SourceSink& sink) {
  sink.begin_change(segment.source, segment.offset);
  const std::byte* element = nullptr;
  WriteStatus status = merge_value(segment, cast, part, sink, element);
  const auto size = static_cast<std::size_t>(cast.source_itemsize());
  if (status == WriteStatus::ok && !sink.write(segment.source, segment.offset, {element, size})) {
    status = WriteStatus::source_failed;
  }
  sink.end_change();
  return status;
}

WriteStatus write_elements(const Segment& segment, const InverseCast& cast, const std::byte* file,
                           SourceSink& sink) {
  if (segment.from_itemsize == 0) return WriteStatus::ok;
  const SourceRuns runs(segment);
  const bool is_copy = cast.kind() == InverseCast::Kind::copy;
  const auto length = static_cast<std::size_t>(runs.length);
  return for_each_position(segment, runs.outer_axes(), [&](Position at) {
    const std::byte* const from = file + at.in_file;
    const SourceOffset to{static_cast<Index>(segment.offset) + at.in_source - runs.first};
    if (is_copy && runs.is_same) {
      return sink.write(segment.source, to, {from, length}) ? WriteStatus::ok : WriteStatus::source_failed;
    }
    std::byte* const run = scratch(runs.length);
    if (is_copy) {
      copy_block(run + runs.first, from, runs.shape, segment.from_itemsize);
    } else if (!convert_block(run + runs.first, from, runs.shape, cast.back())) {
      return WriteStatus::not_exact;
    }
    return sink.write(segment.source, to, {run, length}) ? WriteStatus::ok : WriteStatus::source_failed;
  });
}

}  // namespace

WriteStatus check_segment(const Segment& segment, const InverseCast& cast, std::span<const std::byte> bytes,
                          SourceSink& sink) {
  const std::byte* const file = bytes.data() + segment.to_offset;
  if (cast.kind() == InverseCast::Kind::copy || cast.forth() == nullptr) return WriteStatus::ok;
  if (segment.keep != 0) {
    if (cast.kind() == InverseCast::Kind::bytes) return check_bytes(segment, cast, file);
    const std::byte* unused = nullptr;
    return merge_value(segment, cast, file, sink, unused);
  }
  std::array<int, kMaxRank> axes{};
  std::iota(axes.begin(), axes.end(), 0);
  const int last = segment.extents.size() - 1;
  const Index count = last < 0 ? 1 : segment.extents[last];
  const Index stride = last < 0 ? 0 : segment.to_strides[last];
  const auto rows = std::span<const int>(axes).first(static_cast<std::size_t>(std::max(last, 0)));
  return for_each_position(segment, rows, [&](Position at) {
    return all_come_back(cast, file + at.in_file, stride, count) ? WriteStatus::ok : WriteStatus::not_exact;
  });
}

WriteStatus write_segment(const Segment& segment, const InverseCast& cast, std::span<const std::byte> bytes,
                          SourceSink& sink) {
  const std::byte* const part = bytes.data() + segment.to_offset;
  if (segment.keep == 0) return write_elements(segment, cast, part, sink);
  switch (cast.kind()) {
    case InverseCast::Kind::copy: {
      const SourceOffset at{static_cast<Index>(segment.offset) + segment.skip};
      const auto length = static_cast<std::size_t>(segment.keep);
      return sink.write(segment.source, at, {part, length}) ? WriteStatus::ok : WriteStatus::source_failed;
    }
    case InverseCast::Kind::bytes:
      return write_bytes(segment, cast, part, sink);
    case InverseCast::Kind::value:
      return write_value(segment, cast, part, sink);
  }
  return WriteStatus::ok;
}

}  // namespace ndcat
