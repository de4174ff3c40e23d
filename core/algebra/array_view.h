// ArrayView: an array that exists only as a description: dtype, shape and a set of pieces.
//
// Laws (tests/core/ checks them on random views): the pieces' boxes are disjoint and cover the domain exactly
// (an array with no elements has no pieces); concat(split(x)) == x; a transpose followed by its inverse is
// the identity; select(concat) == concat(selects).
#pragma once

#include <cstddef>
#include <vector>

#include "core/algebra/piece.h"
#include "core/dtypes/dtype.h"
#include "core/indices.h"
#include "core/order.h"
#include "core/result.h"

namespace ndcat {

/// A value type. Operations on it are in algebra.h; const access is thread-safe.
struct ArrayView {
  Dtype dtype;
  Shape shape;
  PieceTable pieces;
  /// The dtypes that a source's elements go through, the source's own first, `dtype` last; one entry: no
  /// cast.
  std::vector<std::vector<Dtype>> casts;
  /// One element each, as bytes in `dtype`.
  std::vector<std::vector<std::byte>> fills;
  /// The strides, in bytes, that NumPy's array would have had if it had computed this result in memory.
  /// Nothing is read through them: only the memory order that np.save would record ("K") comes from here.
  Strides numpy_strides;
};

/// The order that np.save records: F when numpy_strides are F- and not C-contiguous, else C.
[[nodiscard]] Order memory_order(const ArrayView& view);

}  // namespace ndcat
