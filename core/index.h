// Index: the one integer of index arithmetic, and its overflow-checked operations.
//
// Everything that counts elements or bytes is a signed 64-bit Index, so that a negative stride needs no
// second type and an overflow can be seen. Sums and products of numbers that come from outside (shapes,
// offsets, sizes) go through the checked operations; numbers already proved in range (see file_layout.h) use
// plain ones.
#pragma once

#include <cstdint>
#include <limits>
#include <optional>

namespace ndcat {

using Index = std::int64_t;

inline constexpr Index kMaxIndex = std::numeric_limits<Index>::max();

/// a + b, or nothing when the sum does not fit an Index.
[[nodiscard]] constexpr std::optional<Index> checked_add(Index a, Index b) {
  Index sum = 0;
  if (__builtin_add_overflow(a, b, &sum)) return std::nullopt;
  return sum;
}

/// a * b, or nothing when the product does not fit an Index.
[[nodiscard]] constexpr std::optional<Index> checked_multiply(Index a, Index b) {
  Index product = 0;
  if (__builtin_mul_overflow(a, b, &product)) return std::nullopt;
  return product;
}

}  // namespace ndcat
