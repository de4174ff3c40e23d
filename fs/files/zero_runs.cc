#include "fs/files/zero_runs.h"

#include <algorithm>

namespace ndcat {
namespace {

// Shorter holes are not worth a system call of the program that skips them.
constexpr Index kWorthSkipping = Index{64} << 10;
// An array of very many long runs has its first ones only.
constexpr std::size_t kMostRuns = 1 << 16;

bool all_zero(std::span<const std::byte> bytes) {
  return std::all_of(bytes.begin(), bytes.end(), [](std::byte byte) { return byte == std::byte{0}; });
}

}  // namespace

ZeroRuns::ZeroRuns(const FileLayout& layout) : size_(layout.size()) {
  layout.for_each_segment({VirtualOffset{0}, size_},
                          [&](const Segment& segment) { return add_segment(segment); });
  sort_and_merge();
}

/// False when there is no room for more.
bool ZeroRuns::add_segment(const Segment& segment) {
  const bool is_fill = segment.source == kFill;
  if (segment.conversion != nullptr || segment.keep != 0) return true;
  if (is_fill && !all_zero(segment.element)) return true;
  // The inner axes that are one run on both sides; a fill has only one side.
  Index length = segment.to_itemsize;
  int outer = segment.extents.size();
  while (outer > 0 && segment.to_strides[outer - 1] == length &&
         (is_fill || segment.from_strides[outer - 1] == length)) {
    length *= segment.extents[--outer];
  }
  if (length < kWorthSkipping) return true;
  Indices index = Indices::filled(outer, 0);
  for (;;) {
    if (runs_.size() == kMostRuns) return false;
    Index to = segment.to_offset, from = static_cast<Index>(segment.offset);
    for (int axis = 0; axis < outer; ++axis) {
      to += index[axis] * segment.to_strides[axis];
      if (!is_fill) from += index[axis] * segment.from_strides[axis];
    }
    runs_.push_back({to, to + length, segment.source, is_fill ? 0 : from});
    int axis = outer - 1;
    while (axis >= 0 && ++index[axis] == segment.extents[axis]) index[axis--] = 0;
    if (axis < 0) return true;
  }
}

void ZeroRuns::sort_and_merge() {
  std::sort(runs_.begin(), runs_.end(), [](const Run& a, const Run& b) { return a.begin < b.begin; });
  std::vector<Run> merged;
  for (const Run& run : runs_) {
    const bool continues =
        !merged.empty() && merged.back().end == run.begin && merged.back().source == run.source &&
        (run.source == kFill ||
         merged.back().source_begin + (run.begin - merged.back().begin) == run.source_begin);
    if (continues) {
      merged.back().end = run.end;
    } else {
      merged.push_back(run);
    }
  }
  merged.shrink_to_fit();
  runs_ = std::move(merged);
}

std::vector<ZeroRuns::Run>::const_iterator ZeroRuns::first_ending_after(Index offset) const {
  return std::upper_bound(runs_.begin(), runs_.end(), offset,
                          [](Index value, const Run& run) { return value < run.end; });
}

Index ZeroRuns::next_data(Index offset, const SeekSource& seek) const {
  for (auto run = first_ending_after(offset); run != runs_.end() && run->begin <= offset; ++run) {
    if (run->source != kFill) {
      const Index from = run->source_begin + (offset - run->begin);
      const Index data = seek(run->source, from, Seek::data).value_or(from);
      if (data - run->source_begin < run->end - run->begin) return run->begin + (data - run->source_begin);
    }
    offset = run->end;
  }
  return std::min(offset, size_);
}

Index ZeroRuns::next_hole(Index offset, const SeekSource& seek) const {
  for (auto run = first_ending_after(offset); run != runs_.end(); ++run) {
    offset = std::max(offset, run->begin);
    if (run->source == kFill) return offset;
    const Index from = run->source_begin + (offset - run->begin);
    const std::optional<Index> hole = seek(run->source, from, Seek::hole);
    if (hole && *hole - run->source_begin < run->end - run->begin) {
      return run->begin + (*hole - run->source_begin);
    }
  }
  return size_;
}

}  // namespace ndcat
