#include "core/reading/gather.h"

#include <cstring>
#include <type_traits>

#include "core/kernels/tile.h"
#include "core/reading/block_walk.h"

namespace ndcat {

namespace {

/// Turns the axes along which the source is read backwards, so that the kernels meet no others. The first
/// element becomes another one.
void read_forwards(BlockShape& shape, std::byte*& to, const std::byte*& from) {
  for (int axis = 0; axis < shape.extents.size(); ++axis) {
    if (shape.from_strides[axis] >= 0) continue;
    to += shape.to_strides[axis] * (shape.extents[axis] - 1);
    from += shape.from_strides[axis] * (shape.extents[axis] - 1);
    shape.to_strides[axis] = -shape.to_strides[axis];
    shape.from_strides[axis] = -shape.from_strides[axis];
  }
}

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

/// Copies tiles one step behind: each is asked for ahead while the one before it is copied.
class TileCopier {
 public:
  TileCopier(const BlockShape& shape, Index unit)
      : to_side_(tile_side(shape.to_strides)),
        from_side_(tile_side(shape.from_strides)),
        unit_(unit),
        copy_(copy_tile_for(unit, to_side_, from_side_)) {}

  void add(std::byte* to, const std::byte* from, Index rows, Index columns) {
    // The processor sees for itself where a long run goes on.
    constexpr Index kLongRun = 2048;
    if (unit_ < kLongRun) prefetch_tile(from, from_side_, rows, columns, unit_);
    finish();
    to_ = to, from_ = from, rows_ = rows, columns_ = columns;
  }
  void finish() { copy_(to_, to_side_, from_, from_side_, rows_, columns_, unit_); }

 private:
  TileSide to_side_, from_side_;
  Index unit_;
  CopyTile copy_;
  std::byte* to_ = nullptr;  // of the last tile that was added
  const std::byte* from_ = nullptr;
  Index rows_ = 0, columns_ = 0;  // none before the first one
};

static_assert(std::is_trivially_destructible_v<TileCopier>);

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
  read_forwards(shape, to, from);
  const Index unit = take_contiguous_axes(shape, itemsize);
  if (shape.extents.empty()) {
    std::memcpy(to, from, static_cast<std::size_t>(unit));
    return;
  }
  add_outer_axes(shape);
  const Tiling tiling = arrange_loops(shape, unit);
  TileCopier copier(shape, unit);
  for_each_tile(to, from, shape, tiling,
                [&copier](std::byte* tile_to, const std::byte* tile_from, Index rows, Index columns) {
                  copier.add(tile_to, tile_from, rows, columns);
                  return true;
                });
  copier.finish();
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

}  // namespace ndcat
