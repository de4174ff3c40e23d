#include "core/layout/run_lengths.h"

#include <map>

namespace ndcat {

namespace {

/// Elements of `piece` that follow each other both in the file and in the source.
Index contiguous_elements(const ArrayView& view, const Piece& piece, const AxisSequence& file_axes) {
  const Index itemsize = piece.is_fill() ? 0 : view.casts[piece.recipe].front().itemsize();
  Index run = 1;
  for (int position = view.shape.size() - 1; position >= 0; --position) {
    const int axis = file_axes[position];
    const auto i = static_cast<std::size_t>(axis);
    const bool continues = piece.extents[i] == 1 || piece.strides[i] == run * itemsize;
    if (!continues) break;
    run *= piece.extents[i];
    if (piece.extents[i] != view.shape[axis]) break;
  }
  return run;
}

Index elements_of(const Piece& piece) {
  Index count = 1;
  for (const Index extent : piece.extents) count *= extent;
  return count;
}

}  // namespace

RunLengths find_run_lengths(const ArrayView& view, const AxisSequence& file_axes) {
  std::map<Index, Index> runs;  // how many there are of each length
  Index count = 0;
  for (std::size_t i = 0; i < view.pieces.size(); ++i) {
    const Piece piece = view.pieces[i];
    const Index run = contiguous_elements(view, piece, file_axes);
    runs[run] += elements_of(piece) / run;
    count += elements_of(piece) / run;
  }
  if (runs.empty()) return {};
  const Index itemsize = view.dtype.itemsize();
  auto median = runs.begin();
  for (Index before = 0; before + median->second <= (count - 1) / 2; ++median) before += median->second;
  return {.shortest = runs.begin()->first * itemsize,
          .median = median->first * itemsize,
          .longest = runs.rbegin()->first * itemsize};
}

}  // namespace ndcat
