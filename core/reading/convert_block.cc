// Conversion of strided blocks. Conversions are fast where elements are neighbours on both sides; so blocks
// of which that is not so go by way of two buffers that stay in the cache, tile after tile.
#include "core/reading/block_walk.h"
#include "core/reading/gather.h"

namespace ndcat {

namespace {

constexpr Index kBufferSize = 16 * 1024;
// Shorter runs of elements are not worth a call of the conversion.
constexpr Index kShortRun = 32;

/// Converts tiles of the last two axes of a block.
class TileConverter {
 public:
  TileConverter(const BlockShape& shape, const Conversion& conversion)
      : to_side_(tile_side(shape.to_strides)),
        from_side_(tile_side(shape.from_strides)),
        conversion_(conversion),
        from_size_(conversion.from_itemsize()),
        to_size_(conversion.to_itemsize()) {}

  /// Row by row, as they lie in the source.
  bool rows(std::byte* to, const std::byte* from, Index rows, Index columns) const {
    return rows_from(to, from, from_side_, rows, columns);
  }

  /// Gathered first. Precondition: the buffers have room for all elements.
  bool gathered(std::byte* to, const std::byte* from, Index rows, Index columns) const {
    alignas(kCacheLine) std::byte input[kBufferSize];
    const TileSide dense{.row_stride = columns * from_size_, .column_stride = from_size_};
    copy_block(input, from, tile(rows, columns, dense, from_side_), from_size_);
    if (to_side_.column_stride == to_size_ && columns >= kShortRun)
      return rows_from(to, input, dense, rows, columns);
    return scattered(to, input, rows, columns);
  }

  [[nodiscard]] Index elements_in_buffer() const { return kBufferSize / std::max(from_size_, to_size_); }

 private:
  bool rows_from(std::byte* to, const std::byte* from, TileSide from_side, Index rows, Index columns) const {
    for (Index row = 0; row < rows; ++row) {
      if (!conversion_.run(to + row * to_side_.row_stride, to_side_.column_stride,
                           from + row * from_side.row_stride, from_side.column_stride, columns)) {
        return false;
      }
    }
    return true;
  }

  /// From dense elements to where they belong.
  bool scattered(std::byte* to, const std::byte* from, Index rows, Index columns) const {
    alignas(kCacheLine) std::byte output[kBufferSize];
    if (!conversion_.run(output, to_size_, from, from_size_, rows * columns)) return false;
    const TileSide dense{.row_stride = columns * to_size_, .column_stride = to_size_};
    copy_block(to, output, tile(rows, columns, to_side_, dense), to_size_);
    return true;
  }

  static BlockShape tile(Index rows, Index columns, TileSide to, TileSide from) {
    return {.extents = {rows, columns},
            .from_strides = {from.row_stride, from.column_stride},
            .to_strides = {to.row_stride, to.column_stride}};
  }

  TileSide to_side_, from_side_;
  const Conversion& conversion_;
  Index from_size_, to_size_;
};

}  // namespace

bool convert_block(std::byte* to, const std::byte* from, const BlockShape& block,
                   const Conversion& conversion) {
  BlockShape shape = block;
  add_outer_axes(shape);
  const int last = shape.extents.size() - 1;
  const int closest = closest_source_axis(shape);
  if (closest != last) swap_axes(shape, closest, last - 1);
  const TileConverter converter(shape, conversion);
  const Index room = converter.elements_in_buffer();
  const Index size = conversion.from_itemsize();
  const bool is_run = shape.from_strides[last] == size && shape.extents[last] >= kShortRun;
  if (is_run || size == 0 || room < kShortRun) {
    return for_each_tile(to, from, shape, {.rows = kMaxIndex, .columns = kMaxIndex},
                         [&converter](auto... tile) { return converter.rows(tile...); });
  }
  // Where the source runs across the file, tiles are long in both.
  const Index columns = std::min(shape.extents[last], closest == last ? room : kTileLines);
  return for_each_tile(to, from, shape, {.rows = std::max<Index>(room / columns, 1), .columns = columns},
                       [&converter](auto... tile) { return converter.gathered(tile...); });
}

}  // namespace ndcat
