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

/// The kernel for elements of `unit` bytes with these strides; those of elements that are read
/// forwards (from.column_stride >= 0) are faster. It never touches a byte of `from` before the
/// first or after the last one of the tile, in memory. Precondition: unit >= 1.
[[nodiscard]] CopyTile copy_tile_for(Index unit, TileSide to_side, TileSide from_side);

/// Copies a row of elements of `unit` bytes. Preconditions: count >= 1, unit >= 1.
void copy_row(std::byte* to, Index to_stride, const std::byte* from, Index from_stride, Index count,
              Index unit);

}  // namespace ndcat
