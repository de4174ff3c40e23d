#include "core/reading/copy_kernels.h"

#include <cstring>

namespace ndcat {

namespace {

/// The size is known to the compiler, so a copy is a load and a store.
template <std::size_t kUnit>
void copy_fixed(std::byte* to, TileSide to_side, const std::byte* from, TileSide from_side, Index rows,
                Index columns, Index /*unit*/) {
  for (Index row = 0; row < rows; ++row) {
    std::byte* to_element = to + row * to_side.row_stride;
    const std::byte* from_element = from + row * from_side.row_stride;
    for (Index column = 0; column < columns; ++column) {
      std::memcpy(to_element, from_element, kUnit);
      to_element += to_side.column_stride;
      from_element += from_side.column_stride;
    }
  }
}

void copy_any(std::byte* to, TileSide to_side, const std::byte* from, TileSide from_side, Index rows,
              Index columns, Index unit) {
  for (Index row = 0; row < rows; ++row) {
    std::byte* to_element = to + row * to_side.row_stride;
    const std::byte* from_element = from + row * from_side.row_stride;
    for (Index column = 0; column < columns; ++column) {
      std::memcpy(to_element, from_element, static_cast<std::size_t>(unit));
      to_element += to_side.column_stride;
      from_element += from_side.column_stride;
    }
  }
}

}  // namespace

CopyTile copy_tile_for(Index unit) {
  switch (unit) {
    case 1:
      return copy_fixed<1>;
    case 2:
      return copy_fixed<2>;
    case 3:
      return copy_fixed<3>;
    case 4:
      return copy_fixed<4>;
    case 6:
      return copy_fixed<6>;
    case 8:
      return copy_fixed<8>;
    case 12:
      return copy_fixed<12>;
    case 16:
      return copy_fixed<16>;
    case 24:
      return copy_fixed<24>;
    case 32:
      return copy_fixed<32>;
    default:
      return copy_any;
  }
}

}  // namespace ndcat
