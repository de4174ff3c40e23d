// ByteLattice: the bytes that a part of an array takes in a file, and the proof that parts do not meet there.
#pragma once

#include <optional>
#include <utility>
#include <vector>

#include "core/index.h"

namespace ndcat {

/// All bytes begin + sum(i[k] * axes[k].stride) + j with 0 <= i[k] < axes[k].extent and 0 <= j < width.
struct ByteLattice {
  struct Axis {
    Index stride;  // > 0
    Index extent;  // > 1
  };
  std::size_t part = 0;    // the caller's name for it
  Index begin = 0;         // the lowest byte
  Index width = 0;         // > 0
  std::vector<Axis> axes;  // strides from large to small

  /// Bytes from the lowest to behind the highest.
  [[nodiscard]] Index reach() const;
  /// True when no byte is reached in two ways: each stride leads past everything that smaller ones reach.
  [[nodiscard]] bool is_injective() const;
};

/// Two parts that meet, or that this proof cannot tell apart; nothing when it is certain that no two of them
/// have a byte in common. (Strides that do not divide each other, 2 and 3 elements say, are beyond it: so it
/// errs on the safe side only.)
///
/// The method: sort by position, and look closer at those whose intervals meet. Take m, the largest stride or
/// the greatest common divisor of the largest ones, such that what the other strides reach stays within
/// windows of m bytes. Then two parts meet exactly if they meet both in their places within a window and in
/// the numbers of their windows, which are the same question again with fewer axes. Parts of one dense array,
/// however selected and nested, come apart in this way at each of its axes. O(n log n) for each level.
[[nodiscard]] std::optional<std::pair<std::size_t, std::size_t>> find_meeting(std::vector<ByteLattice> parts);

}  // namespace ndcat
