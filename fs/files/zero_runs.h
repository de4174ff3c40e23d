// ZeroRuns: where a virtual array may have holes, for lseek's SEEK_DATA and SEEK_HOLE.
//
// Holes are long runs of a fill value whose bytes are zero, and the holes of sparse sources where a long part
// of one lies in the array as it is. The former are known for good; the latter are asked of the source's file
// system at every call, since a source may be written to. Whatever is not known to be zero counts as data.
// Immutable, thread-safe.
#pragma once

#include <functional>
#include <optional>
#include <vector>

#include "core/layout/file_layout.h"

namespace ndcat {

class ZeroRuns {
 public:
  explicit ZeroRuns(const FileLayout& layout);

  /// Asks a source: where its next data (or hole) begins, at or after `offset`; the source's end or later
  /// when there is none. Nothing when that cannot be said.
  enum class Seek { data, hole };
  using SeekSource = std::function<std::optional<Index>(SourceId source, Index offset, Seek what)>;

  /// At or after `offset` in the array, which has `size` bytes: `size` when there is none.
  [[nodiscard]] Index next_data(Index offset, const SeekSource& seek) const;
  [[nodiscard]] Index next_hole(Index offset, const SeekSource& seek) const;

 private:
  /// Contiguous in the array and, unless all zero (source == kFill), in a source.
  struct Run {
    Index begin = 0, end = 0;
    SourceId source = kFill;
    Index source_begin = 0;
  };
  bool add_segment(const Segment& segment);
  void sort_and_merge();
  [[nodiscard]] std::vector<Run>::const_iterator first_ending_after(Index offset) const;

  Index size_;
  std::vector<Run> runs_;
};

}  // namespace ndcat
