// The strides that NumPy gives its arrays: all that is needed to know which memory order np.save would
// record.
//
// No byte is ever read through these strides. They model NumPy 1.24 (relaxed strides checking,
// PyArray_NewLikeArray, PyArray_CreateMultiSortedStridePerm). Strides are in bytes; along axes of extent 1,
// where NumPy never looks at them, they are unspecified. Pure functions and a value type.
#pragma once

#include <array>
#include <cstdint>
#include <span>

#include "core/indices.h"
#include "core/order.h"

namespace ndcat {

/// How NumPy lays out an array over existing memory (np.load, np.memmap): extents of 0 count as 1.
/// Precondition of this and the functions below: the product of itemsize and all non-zero extents fits an
/// Index.
[[nodiscard]] Strides mapped_strides(const Shape& shape, Index itemsize, Order order);

/// How NumPy lays out a new array (np.empty, np.full): as above, but all zero when the array has no bytes.
[[nodiscard]] Strides new_strides(const Shape& shape, Index itemsize, Order order);

/// A new array whose axes lie in memory in the order given, the slowest first.
[[nodiscard]] Strides new_strides_along(const Shape& shape, Index itemsize,
                                        std::span<const int> slowest_first);

/// The strides of a copy that keeps its prototype's order (ndarray.astype, order="K").
[[nodiscard]] Strides keep_order_strides(const Shape& shape, const Strides& prototype,
                                         Index prototype_itemsize, Index itemsize);

/// The flags C_CONTIGUOUS and F_CONTIGUOUS: extents of 1 do not matter, arrays without elements are both.
[[nodiscard]] bool is_contiguous(const Shape& shape, const Strides& strides, Index itemsize, Order order);

/// The order of axes that np.concatenate finds best for its inputs. They vote one by one; memory does not
/// grow.
class AxisOrderVote {
 public:
  /// Precondition: the same rank in every call.
  void add(const Shape& shape, const Strides& strides);
  /// The axes, the slowest first. Precondition: 0 <= rank <= kMaxRank.
  [[nodiscard]] std::array<int, kMaxRank> slowest_first(int rank) const;

 private:
  // Bit b of entry a speaks of axis a lying inside axis b (a > b).
  std::array<std::uint32_t, kMaxRank> compared_{};    // some input has an extent other than 1 along both
  std::array<std::uint32_t, kMaxRank> kept_as_is_{};  // some such input has |stride of a| <= |stride of b|
};

}  // namespace ndcat
