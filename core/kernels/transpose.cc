// Columns to rows: what showing arrays of one order in the other asks for.
#include <cstdint>
#include <cstring>
#include <type_traits>

#include "core/kernels/vector_tiles.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "core/kernels/transpose.cc"
#include "core/kernels/for_each_target.h"

HWY_BEFORE_NAMESPACE();
namespace ndcat {
namespace HWY_NAMESPACE {
namespace {

#if NDCAT_VECTORS

namespace hn = hwy::HWY_NAMESPACE;

/// Rows and columns of a square in a block of 16 bytes.
template <class T>
constexpr int kSide = 16 / sizeof(T);

/// Transposes, in each block of 16 bytes by itself, the square whose rows are the vectors: in each round,
/// vectors half the square apart are dealt into one another, and after as many rounds as the side has bits
/// everything is in its place.
template <class T, class D>
HWY_INLINE void transpose_in_blocks(D lanes, hn::Vec<D>* rows) {
  constexpr int kHalf = kSide<T> / 2;
  for (int round = 1; round < kSide<T>; round *= 2) {
    hn::Vec<D> dealt[kSide<T>];
    for (int i = 0; i < kHalf; ++i) {
      dealt[2 * i] = hn::InterleaveLower(lanes, rows[i], rows[i + kHalf]);
      dealt[2 * i + 1] = hn::InterleaveUpper(lanes, rows[i], rows[i + kHalf]);
    }
    for (int i = 0; i < kSide<T>; ++i) rows[i] = dealt[i];
  }
}

/// Transposes the square whose elements are blocks of 16 bytes: vectors of one, two or four of them.
template <class D>
HWY_INLINE void transpose_blocks(D, hn::Vec<D>* rows, std::integral_constant<int, 1>) {
  rows[0] = rows[0];
}
template <class D>
HWY_INLINE void transpose_blocks(D lanes, hn::Vec<D>* rows, std::integral_constant<int, 2>) {
  const auto upper = hn::ConcatUpperUpper(lanes, rows[1], rows[0]);
  rows[0] = hn::ConcatLowerLower(lanes, rows[1], rows[0]);
  rows[1] = upper;
}
template <class D>
HWY_INLINE void transpose_blocks(D lanes, hn::Vec<D>* rows, std::integral_constant<int, 4>) {
  const auto pair = [lanes](hn::Vec<D> a, hn::Vec<D> b, hn::Vec<D>* to) HWY_ATTR {
    to[0] = hn::OddEvenBlocks(hn::SwapAdjacentBlocks(b), a);
    to[1] = hn::OddEvenBlocks(b, hn::SwapAdjacentBlocks(a));
  };
  const auto lower_0 = hn::ConcatLowerLower(lanes, rows[2], rows[0]);
  const auto lower_1 = hn::ConcatLowerLower(lanes, rows[3], rows[1]);
  const auto upper_0 = hn::ConcatUpperUpper(lanes, rows[2], rows[0]);
  const auto upper_1 = hn::ConcatUpperUpper(lanes, rows[3], rows[1]);
  pair(lower_0, lower_1, rows);
  pair(upper_0, upper_1, rows + 2);
}

/// A square of as many rows and columns as D has lanes.
template <class T, class D>
HWY_INLINE void transpose_square(D lanes, std::byte* to, Index to_row, const std::byte* from,
                                 Index from_column) {
  constexpr int kBlocks = static_cast<int>(hn::MaxLanes(D())) / kSide<T>;
  hn::Vec<D> vectors[kSide<T>][kBlocks];
  for (int block = 0; block < kBlocks; ++block) {
    hn::Vec<D> columns[kSide<T>];
    for (int i = 0; i < kSide<T>; ++i) {
      columns[i] = hn::LoadU(lanes, reinterpret_cast<const T*>(from + (block * kSide<T> + i) * from_column));
    }
    transpose_in_blocks<T>(lanes, columns);
    for (int i = 0; i < kSide<T>; ++i) vectors[i][block] = columns[i];
  }
  for (int i = 0; i < kSide<T>; ++i) {
    transpose_blocks(lanes, vectors[i], std::integral_constant<int, kBlocks>());
    for (int block = 0; block < kBlocks; ++block) {
      hn::StoreU(vectors[i][block], lanes, reinterpret_cast<T*>(to + (block * kSide<T> + i) * to_row));
    }
  }
}

/// The place of an element in a tile of which the target's rows and the source's columns are dense.
template <class T>
struct Place {
  std::byte* to;
  Index to_row;
  const std::byte* from;
  Index from_column;
  [[nodiscard]] Place at(Index row, Index column) const {
    constexpr Index kSize = sizeof(T);
    return {to + row * to_row + column * kSize, to_row, from + row * kSize + column * from_column,
            from_column};
  }
};

template <class T>
HWY_INLINE void copy_elements(Place<T> place, Index rows, Index columns) {
  for (Index row = 0; row < rows; ++row) {
    for (Index column = 0; column < columns; ++column) {
      const Place<T> element = place.at(row, column);
      std::memcpy(element.to, element.from, sizeof(T));
    }
  }
}

/// Squares of D as far as they go; what is left at the right and at the bottom goes to `rest`.
template <class T, class D, class Rest>
HWY_INLINE void transpose_squares(D lanes, Place<T> place, Index rows, Index columns, Rest rest) {
  const auto side = static_cast<Index>(hn::Lanes(lanes));
  const Index whole_rows = rows / side * side, whole_columns = columns / side * side;
  // Row after row of squares: where a vector is no whole cache line, the target's lines are done at once.
  for (Index row = 0; row < whole_rows; row += side) {
    for (Index column = 0; column < whole_columns; column += side) {
      const Place<T> square = place.at(row, column);
      transpose_square<T>(lanes, square.to, square.to_row, square.from, square.from_column);
    }
  }
  rest(place.at(0, whole_columns), whole_rows, columns - whole_columns);
  rest(place.at(whole_rows, 0), rows - whole_rows, columns);
}

template <class T>
void transpose(std::byte* to, TileSide to_side, const std::byte* from, TileSide from_side, Index rows,
               Index columns, Index) {
  const hn::CappedTag<T, 64 / sizeof(T)> widest;
  const hn::FixedTag<T, 16 / sizeof(T)> block;
  const Place<T> place{to, to_side.row_stride, from, from_side.column_stride};
  transpose_squares<T>(widest, place, rows, columns, [block](Place<T> rest, Index m, Index n) HWY_ATTR {
    transpose_squares<T>(block, rest, m, n, copy_elements<T>);
  });
}

CopyTile find_transpose(Index unit) {
  switch (unit) {
    case 1:
      return transpose<std::uint8_t>;
    case 2:
      return transpose<std::uint16_t>;
    case 4:
      return transpose<std::uint32_t>;
    case 8:
      return transpose<std::uint64_t>;
    default:
      return nullptr;
  }
}

#else

CopyTile find_transpose(Index) { return nullptr; }

#endif

}  // namespace
}  // namespace HWY_NAMESPACE
}  // namespace ndcat
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace ndcat {

HWY_EXPORT(find_transpose);

CopyTile transpose_tile(Index unit) { return HWY_DYNAMIC_DISPATCH(find_transpose)(unit); }

}  // namespace ndcat
#endif
