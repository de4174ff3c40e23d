// Asks for memory ahead of its use, where the processor itself does not guess what will be read.
#pragma once

#include <algorithm>
#include <cstddef>
#include <utility>

#include "core/kernels/tile.h"

namespace ndcat {

/// Bytes that travel together between memory and caches.
inline constexpr Index kCacheLine = 64;

/// Asks for the cache lines of a tile. Inlined by force: a function that does nothing but prefetch is a
/// function without effect to gcc, which drops the call.
[[gnu::always_inline]] inline void prefetch_tile(const std::byte* from, TileSide side, Index rows,
                                                 Index columns, Index unit) {
  // Runs along the axis on which the elements lie closer together.
  if (rows > 1 && (columns == 1 || side.row_stride < side.column_stride)) {
    std::swap(side.row_stride, side.column_stride);
    std::swap(rows, columns);
  }
  Index run = unit;
  if (side.column_stride <= kCacheLine) {
    run += side.column_stride * (columns - 1);
    columns = 1;
  }
  for (Index row = 0; row < rows; ++row) {
    for (Index column = 0; column < columns; ++column) {
      const std::byte* const at = from + row * side.row_stride + column * side.column_stride;
      for (Index i = 0; i < run; i += kCacheLine) __builtin_prefetch(at + i);
    }
  }
}

}  // namespace ndcat
