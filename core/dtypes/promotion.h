// Promotion: the dtype that np.concatenate gives its result, and whether a cast exists. Source: NumPy 1.24's
// PyArray_ResultType for arrays of rank >= 1, and its casting tables (np.can_cast, ndarray.astype).
#pragma once

#include <array>
#include <optional>
#include <span>
#include <vector>

#include "core/dtypes/dtype.h"
#include "core/dtypes/type_class.h"

namespace ndcat {

/// What np.result_type gives for arrays of these dtypes, in this order, each array with a dtype object of its
/// own (as np.load makes them). Always in native byte order; the padding of structured types is dropped.
/// Error: NumPy's refusals, naming the two dtypes that have none in common; and where NumPy 1.24 makes a
/// broken dtype (sub-arrays whose elements change their size). Precondition: not empty.
///
/// np.concatenate refuses a little more, and so does DtypePromotion: timedelta64 beside datetime64 has a
/// result type, but none that np.concatenate would cast to.
[[nodiscard]] Result<Dtype> result_dtype(std::span<const Dtype> dtypes);

/// What `array.astype(wanted)` makes of a dtype without width or unit ("S", "U", "V", "M8", "m8") for an
/// array of `from`: int64 as "U" is U21. Every other dtype is returned as it is.
[[nodiscard]] Dtype fitted(const Dtype& wanted, const Dtype& from);

/// The dtype of np.concatenate over the dtypes of very many sources, given one by one. Its size does not
/// depend on their number, as all that NumPy's rule needs to know is one dtype for each class of dtypes.
class DtypePromotion {
 public:
  void add(const Dtype& dtype);
  /// Error: as result_dtype. Precondition: add() was called.
  [[nodiscard]] Result<Dtype> result() const;

 private:
  struct Merged {
    Dtype dtype;   // all of one class, put together
    Dtype latest;  // the one added last: most often equal to the next
    bool several;
  };
  std::array<std::optional<Merged>, kTypeClasses> merged_;
  std::vector<TypeClass> order_;  // of first appearance
  std::optional<Error> error_;
};

}  // namespace ndcat
