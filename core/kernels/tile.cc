#include "core/kernels/tile.h"

#include <cstring>

#include "core/kernels/vector_tiles.h"

namespace ndcat {

namespace {

template <class CopyElement>
inline void for_each_element(std::byte* to, TileSide to_side, const std::byte* from, TileSide from_side,
                             Index rows, Index columns, CopyElement copy) {
  for (Index row = 0; row < rows; ++row) {
    std::byte* to_element = to + row * to_side.row_stride;
    const std::byte* from_element = from + row * from_side.row_stride;
    for (Index column = 0; column < columns; ++column) {
      copy(to_element, from_element);
      to_element += to_side.column_stride;
      from_element += from_side.column_stride;
    }
  }
}

/// The size is known to the compiler, so a copy is a load and a store.
template <std::size_t kUnit>
void copy_fixed(std::byte* to, TileSide to_side, const std::byte* from, TileSide from_side, Index rows,
                Index columns, Index /*unit*/) {
  for_each_element(
      to, to_side, from, from_side, rows, columns,
      [](std::byte* element, const std::byte* original) { std::memcpy(element, original, kUnit); });
}

/// Elements of kPart to 2 * kPart bytes: two copies of fixed size that overlap.
template <std::size_t kPart>
void copy_overlapping(std::byte* to, TileSide to_side, const std::byte* from, TileSide from_side, Index rows,
                      Index columns, Index unit) {
  const Index second = unit - static_cast<Index>(kPart);
  for_each_element(to, to_side, from, from_side, rows, columns,
                   [second](std::byte* element, const std::byte* original) {
                     std::memcpy(element, original, kPart);
                     std::memcpy(element + second, original + second, kPart);
                   });
}

void copy_any(std::byte* to, TileSide to_side, const std::byte* from, TileSide from_side, Index rows,
              Index columns, Index unit) {
  for_each_element(to, to_side, from, from_side, rows, columns,
                   [unit](std::byte* element, const std::byte* original) {
                     std::memcpy(element, original, static_cast<std::size_t>(unit));
                   });
}

/// By the pattern of the strides; null where there is nothing better than a loop.
CopyTile vector_tile_for(Index unit, TileSide to, TileSide from) {
  if (to.column_stride == unit && from.row_stride == unit) return transpose_tile(unit);
  if (from.column_stride == unit && to.column_stride > 0 && to.column_stride % unit == 0) {
    return spread_tile(unit, to.column_stride / unit);
  }
  if (from.column_stride <= 0 || from.column_stride % unit != 0) return nullptr;
  if (to.column_stride == unit) return pick_tile(unit, from.column_stride / unit);
  if (to.column_stride == -unit) return pick_reversed_tile(unit, from.column_stride / unit);
  return nullptr;
}

CopyTile loop_for(Index unit) {
  switch (unit) {
    case 1:
      return copy_fixed<1>;
    case 2:
      return copy_fixed<2>;
    case 3:
      return copy_overlapping<2>;
    case 4:
      return copy_fixed<4>;
    case 8:
      return copy_fixed<8>;
    case 16:
      return copy_fixed<16>;
    default:
      if (unit < 8) return copy_overlapping<4>;
      if (unit < 16) return copy_overlapping<8>;
      if (unit <= 32) return copy_overlapping<16>;
      return unit <= 64 ? copy_overlapping<32> : copy_any;
  }
}

}  // namespace

CopyTile copy_tile_for(Index unit, TileSide to_side, TileSide from_side) {
  if (unit <= 8) {
    if (const CopyTile tile = vector_tile_for(unit, to_side, from_side)) return tile;
  }
  return loop_for(unit);
}

void copy_row(std::byte* to, Index to_stride, const std::byte* from, Index from_stride, Index count,
              Index unit) {
  if (from_stride < 0) {
    to += to_stride * (count - 1);
    from += from_stride * (count - 1);
    to_stride = -to_stride;
    from_stride = -from_stride;
  }
  const TileSide to_side{.row_stride = 0, .column_stride = to_stride};
  const TileSide from_side{.row_stride = 0, .column_stride = from_stride};
  copy_tile_for(unit, to_side, from_side)(to, to_side, from, from_side, 1, count, unit);
}

}  // namespace ndcat
