#include "core/reading/gather.h"

#include <cstring>

#include "core/reading/block_walk.h"
#include "core/reading/copy_kernels.h"

namespace ndcat {

namespace {

/// Takes away the innermost axes along which both sides are contiguous: their elements become one larger
/// element. Returns its size.
Index take_contiguous_axes(BlockShape& shape, Index itemsize) {
  Index unit = itemsize;
  for (int last = shape.extents.size() - 1; last >= 0; --last) {
    if (shape.from_strides[last] != unit || shape.to_strides[last] != unit) break;
    unit *= shape.extents[last];
    shape.extents.erase(last);
    shape.from_strides.erase(last);
    shape.to_strides.erase(last);
  }
  return unit;
}

/// Fills `length` bytes with repetitions of `element`, of which there is at least one.
void fill_run(std::byte* to, const std::byte* element, std::size_t itemsize, std::size_t length) {
  // The filled part doubles up to a block that stays in the fastest cache; then that block is repeated.
  constexpr std::size_t kBlock = 8192;
  std::memcpy(to, element, itemsize);
  std::size_t filled = itemsize;
  while (filled < length) {
    const std::size_t block =
        filled <= kBlock ? filled : (kBlock > itemsize ? kBlock / itemsize * itemsize : itemsize);
    const std::size_t step = std::min(block, length - filled);
    std::memcpy(to + filled, to, step);
    filled += step;
  }
}

}  // namespace

void copy_block(std::byte* to, const std::byte* from, const BlockShape& block, Index itemsize) {
  BlockShape shape = block;
  const Index unit = take_contiguous_axes(shape, itemsize);
  const CopyTile copy = copy_tile_for(unit);
  const Tiling tiling = arrange_loops(shape, unit);
  const int last = shape.extents.size() - 1;
  if (last < 1) {
    const Index count = last < 0 ? 1 : shape.extents[last];
    const TileSide to_side{.row_stride = 0, .column_stride = last < 0 ? 0 : shape.to_strides[last]};
    const TileSide from_side{.row_stride = 0, .column_stride = last < 0 ? 0 : shape.from_strides[last]};
    copy(to, to_side, from, from_side, 1, count, unit);
    return;
  }
  const TileSide to_side{.row_stride = shape.to_strides[last - 1], .column_stride = shape.to_strides[last]};
  const TileSide from_side{.row_stride = shape.from_strides[last - 1],
                           .column_stride = shape.from_strides[last]};
  for_each_tile(to, from, shape, tiling,
                [&](std::byte* tile_to, const std::byte* tile_from, Index rows, Index columns) {
                  copy(tile_to, to_side, tile_from, from_side, rows, columns, unit);
                  return true;
                });
}

void fill_block(std::byte* to, const std::byte* element, const BlockShape& block, Index itemsize) {
  BlockShape shape = block;
  std::fill(shape.from_strides.begin(), shape.from_strides.end(), 0);
  const int last = shape.extents.size() - 1;
  if (last < 0 || shape.to_strides[last] != itemsize) {
    copy_block(to, element, shape, itemsize);
    return;
  }
  const std::size_t run = static_cast<std::size_t>(shape.extents[last] * itemsize);
  for_each_outer(to, element, shape, last, [&](std::byte* run_to, const std::byte*) {
    fill_run(run_to, element, static_cast<std::size_t>(itemsize), run);
    return true;
  });
}

bool convert_block(std::byte* to, const std::byte* from, const BlockShape& block,
                   const Conversion& conversion) {
  BlockShape shape = block;
  const int last = shape.extents.size() - 1;
  if (last < 0) return conversion.run(to, 0, from, 0, 1);
  if (last == 0)
    return conversion.run(to, shape.to_strides[0], from, shape.from_strides[0], shape.extents[0]);
  // Wider tiles than copying has: a call of run() costs more than that of a copy kernel.
  Tiling tiling = arrange_loops(shape, 1);
  return for_each_tile(
      to, from, shape, tiling,
      [&](std::byte* tile_to, const std::byte* tile_from, Index rows, Index columns) {
        for (Index row = 0; row < rows; ++row) {
          if (!conversion.run(tile_to + row * shape.to_strides[last - 1], shape.to_strides[last],
                              tile_from + row * shape.from_strides[last - 1], shape.from_strides[last],
                              columns)) {
            return false;
          }
        }
        return true;
      });
}

}  // namespace ndcat
