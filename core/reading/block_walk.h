// Walks over strided blocks: the loops that copying, filling and converting share. Private to the gather
// kernels.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdlib>
#include <utility>

#include "core/kernels/prefetch.h"
#include "core/reading/gather.h"

namespace ndcat {

/// Calls visit(to, from) for every index of the first `axes` axes of the block. Stops and returns false as
/// soon as it does. Precondition: all extents >= 1.
template <class Visit>
bool for_each_outer(std::byte* to, const std::byte* from, const BlockShape& shape, int axes, Visit visit) {
  Index counters[kMaxRank];
  std::fill_n(counters, axes, 0);
  for (;;) {
    if (!visit(to, from)) return false;
    int axis = axes - 1;
    for (; axis >= 0; --axis) {
      to += shape.to_strides[axis];
      from += shape.from_strides[axis];
      if (++counters[axis] < shape.extents[axis]) break;
      counters[axis] = 0;
      to -= shape.to_strides[axis] * shape.extents[axis];
      from -= shape.from_strides[axis] * shape.extents[axis];
    }
    if (axis < 0) return true;
  }
}

/// How the two innermost loops run: tiles of so many steps along the last two axes.
struct Tiling {
  Index rows, columns;
};

/// Lines of the source in one tile: what is asked for ahead while the tile before is copied. Fewer leave the
/// memory idle, more do not fit the queues of today's processors.
inline constexpr Index kTileLines = 64;

/// Puts axes of one step before the others until there are two.
inline void add_outer_axes(BlockShape& shape) {
  while (shape.extents.size() < 2) {
    shape.extents.insert(0, 1);
    shape.from_strides.insert(0, 0);
    shape.to_strides.insert(0, 0);
  }
}

/// The strides of the last two axes. Precondition: rank >= 2.
inline TileSide tile_side(const Strides& strides) {
  return {.row_stride = strides[strides.size() - 2], .column_stride = strides.back()};
}

/// Exchanges two axes of the block; the order of axes is the order of loops and nothing else.
inline void swap_axes(BlockShape& shape, int a, int b) {
  std::swap(shape.extents[a], shape.extents[b]);
  std::swap(shape.from_strides[a], shape.from_strides[b]);
  std::swap(shape.to_strides[a], shape.to_strides[b]);
}

/// The axis along which the source's elements lie closest together, of those that have steps; a later one
/// where equal.
inline int closest_source_axis(const BlockShape& shape) {
  int best = shape.extents.size() - 1;
  for (int axis = best - 1; axis >= 0; --axis) {
    const bool closer = std::abs(shape.from_strides[axis]) < std::abs(shape.from_strides[best]);
    if (closer && shape.extents[axis] > 1) best = axis;
  }
  return best;
}

/// The lines that `count` elements of `unit` bytes touch at most, `stride` bytes apart.
inline Index lines_of(Index count, Index stride, Index unit) {
  const Index each = unit / kCacheLine + 1;
  return std::abs(stride) <= kCacheLine ? count * std::abs(stride) / kCacheLine + each : count * each;
}

/// Orders the axes of `shape` and chooses tiles, for elements of `unit` bytes. Precondition: rank >= 2.
inline Tiling arrange_loops(BlockShape& shape, Index unit) {
  const int last = shape.extents.size() - 1;
  if (const int closest = closest_source_axis(shape); closest != last && unit < kCacheLine) {
    // The source runs across the file: a tile is one line wide in the file and some lines long in the source.
    swap_axes(shape, closest, last - 1);
    return {.rows = kTileLines, .columns = std::max<Index>(kCacheLine / unit, 4)};
  }
  constexpr Index kShortRow = 8;
  if (shape.extents[last] < kShortRow && shape.extents[last] < shape.extents[last - 1]) {
    swap_axes(shape, last, last - 1);
    return {.rows = kMaxIndex, .columns = 256};
  }
  const Index lines = lines_of(shape.extents[last], shape.from_strides[last], unit);
  if (lines < kTileLines) return {.rows = kTileLines / lines, .columns = kMaxIndex};
  return {.rows = 1, .columns = std::max<Index>(shape.extents[last] * kTileLines / lines, 1)};
}

/// Calls tile(to, from, rows, columns) for all tiles of the last two axes, for every index of the others;
/// along the second-last axis first. Precondition: rank >= 2.
template <class Tile>
bool for_each_tile(std::byte* to, const std::byte* from, const BlockShape& shape, const Tiling& tiling,
                   Tile tile) {
  const int inner = shape.extents.size() - 1, outer = inner - 1;
  const Index rows = shape.extents[outer], columns = shape.extents[inner];
  return for_each_outer(to, from, shape, outer, [&](std::byte* block_to, const std::byte* block_from) {
    for (Index column = 0; column < columns; column += std::min(tiling.columns, columns - column)) {
      for (Index row = 0; row < rows; row += std::min(tiling.rows, rows - row)) {
        if (!tile(block_to + row * shape.to_strides[outer] + column * shape.to_strides[inner],
                  block_from + row * shape.from_strides[outer] + column * shape.from_strides[inner],
                  std::min(tiling.rows, rows - row), std::min(tiling.columns, columns - column))) {
          return false;
        }
      }
    }
    return true;
  });
}

}  // namespace ndcat
