// The operations of the manifest language on array views, each defined by the NumPy function of the same
// name.
//
// All are pure. They take views by value and reuse their storage; none reads a source. Errors are NumPy's
// refusals and anything that does not fit 64-bit arithmetic or rank 32. Axes are as NumPy takes them
// (negative counts from the end).
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "core/algebra/array_view.h"
#include "core/algebra/misfits.h"
#include "core/algebra/numpy_strides.h"
#include "core/algebra/recipes.h"
#include "core/algebra/select.h"
#include "core/dtypes/promotion.h"

namespace ndcat {

/// A dense array in a source: `shape` elements of `dtype` from byte `offset` on. Error: the array does not
/// end within `source_size` bytes, or its size overflows. Bytes after the array are the caller's business.
Result<ArrayView> source_view(SourceId source, Index source_size, const Dtype& dtype, const Shape& shape,
                              Order order, SourceOffset offset);

/// np.full: every element is `element` (dtype.itemsize() bytes). Error: the size overflows.
Result<ArrayView> full_view(const Dtype& dtype, const Shape& shape, std::span<const std::byte> element);

/// `axis` counted from the front, or an error in NumPy's words: 0 <= result < rank.
Result<int> normalize_axis(Index axis, int rank);

/// np.concatenate or np.stack of views that come one by one, so that very many sources need no second copy in
/// memory: a view's pieces move into the growing result at once. Not thread-safe. After an error of add()
/// finish() still works.
class Concatenation {
 public:
  explicit Concatenation(Index axis, Join join = Join::concatenate) : axis_(axis), join_(join) {}
  /// Error: this view does not fit the first one (rank, extent, axis out of range); it is then left out, so
  /// that later misfits can be found too. `first_named` says how to call the first view in the message
  /// ("(5000, 1000) of a.npy").
  std::optional<Error> add(ArrayView view, const std::string& first_named);
  /// Error: nothing was added, no common dtype, overflow.
  Result<ArrayView> finish() &&;

 private:
  std::optional<Error> start(const Shape& first_shape);
  void take_pieces(ArrayView view, const RecipeCollector::Renumbering& renumbering);

  Index axis_;
  Join join_;
  int joined_axis_ = -1;  // axis_ counted from the front; negative: nothing was added yet
  Shape first_shape_;     // as it came
  Shape shape_;           // of the result; grows
  PieceTable pieces_;
  RecipeCollector recipes_;
  DtypePromotion promotion_;
  AxisOrderVote axis_order_;
};

/// np.concatenate, np.stack. Error: as NumPy; the first misfit only. Precondition: none (an empty list is an
/// error).
Result<ArrayView> concatenate(std::vector<ArrayView> views, Index axis);
Result<ArrayView> stack(std::vector<ArrayView> views, Index axis);

/// One node of np.block's nested lists: a list (possibly empty, which is an error) or a leaf.
struct BlockNest {
  std::optional<ArrayView> leaf;
  std::vector<BlockNest> list;
};
/// np.block, both of its algorithms (they differ in dtype promotion and memory order; NumPy chooses by size).
Result<ArrayView> block(BlockNest nest);

/// a[selection]: basic indexing. Error: the first of select_misfits().
Result<ArrayView> select(ArrayView view, const Selection& selection);

/// a.transpose(axes); no axes: reversed. Error: the first of transpose_misfits().
Result<ArrayView> transpose(ArrayView view, const std::optional<std::vector<Index>>& axes);

/// a.astype(dtype). Error: see Conversion::make.
Result<ArrayView> astype(ArrayView view, const Dtype& dtype);

}  // namespace ndcat
