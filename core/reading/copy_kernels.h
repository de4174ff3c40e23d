// The innermost loops of copying, one set per element size: the place for faster ones. Private to the gather
// kernels.
#pragma once

#include <cstddef>

#include "core/index.h"

namespace ndcat {

/// One side of a tile: rows and columns of elements, strides in bytes.
struct TileSide {
  Index row_stride, column_stride;
};

/// Copies `rows` by `columns` elements of `unit` bytes, column after column within a row.
using CopyTile = void (*)(std::byte* to, TileSide to_side, const std::byte* from, TileSide from_side,
                          Index rows, Index columns, Index unit);

/// The kernel for elements of `unit` bytes. Precondition: unit >= 1.
[[nodiscard]] CopyTile copy_tile_for(Index unit);

}  // namespace ndcat
