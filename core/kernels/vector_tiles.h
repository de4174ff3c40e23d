// Copies of small elements by vectors, one function for each pattern. Each is null where plain loops do as
// well: without Highway, on processors without wide vectors, for other sizes and steps. Private to tile.cc.
#pragma once

#include "core/kernels/tile.h"

namespace ndcat {

/// From neighbours to every `step`-th element: to.column_stride == step * unit, from.column_stride == unit.
[[nodiscard]] CopyTile spread_tile(Index unit, Index step);

/// From every `step`-th element to neighbours: to.column_stride == unit, from.column_stride == step * unit.
[[nodiscard]] CopyTile pick_tile(Index unit, Index step);

/// The same in reverse: to.column_stride == -unit, from.column_stride == step * unit, which includes step 1.
[[nodiscard]] CopyTile pick_reversed_tile(Index unit, Index step);

/// From columns to rows: to.column_stride == unit, from.row_stride == unit.
[[nodiscard]] CopyTile transpose_tile(Index unit);

}  // namespace ndcat
