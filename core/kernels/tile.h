// Tiles: the innermost two loops of moving elements, as kernels for each size and pattern of elements.
#pragma once

#include <cstddef>

#include "core/index.h"

namespace ndcat {

/// One side of a tile: rows and columns of elements, strides in bytes.
struct TileSide {
  Index row_stride = 0, column_stride = 0;
};

/// Copies `rows` by `columns` elements of `unit` bytes, column after column within a row. Bytes that lie
/// between elements of `to` keep their values, but may be written: nobody else may write them meanwhile.
using CopyTile = void (*)(std::byte* to, TileSide to_side, const std::byte* from, TileSide from_side,
                          Index rows, Index columns, Index unit);

/// The kernel for elements of `unit` bytes with these strides. It never touches a byte of `from` before the
/// first or after the last one of the tile, in memory. Precondition: unit >= 1.
[[nodiscard]] CopyTile copy_tile_for(Index unit, TileSide to_side, TileSide from_side);

/// A row of elements, which may have strides of any size.
inline void copy_row(std::byte* to, Index to_stride, const std::byte* from, Index from_stride, Index count,
                     Index unit) {
  const TileSide to_side{.column_stride = to_stride}, from_side{.column_stride = from_stride};
  copy_tile_for(unit, to_side, from_side)(to, to_side, from, from_side, 1, count, unit);
}

}  // namespace ndcat
