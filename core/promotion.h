// Promotion: the dtype that np.concatenate gives its result, and whether a cast exists.
// Source: NumPy 1.24's PyArray_ResultType for arrays of rank >= 1, and its casting tables (np.can_cast, ndarray.astype).
#pragma once

#include <span>

#include "core/dtype.h"

namespace ndcat {

/// What np.result_type gives for arrays of these dtypes, in this order, each array with a dtype object of its own (as
/// np.load makes them). Always in native byte order. The result of one dtype is not that of two equal ones: NumPy drops
/// the padding of structured types in the second case only. Error: NumPy's refusals (DTypePromotionError, TypeError),
/// naming the two dtypes that have none in common. Precondition: not empty.
[[nodiscard]] Result<Dtype> result_dtype(std::span<const Dtype> dtypes);

/// Collects dtypes of very many sources, keeping only the distinct ones and what result_dtype needs to know.
class DtypePromotion {
 public:
  void add(const Dtype& dtype);
  /// Precondition: add() was called.
  [[nodiscard]] Result<Dtype> result() const;

 private:
  std::vector<Dtype> distinct_;  // in the order of first appearance, a second equal one kept (see result_dtype)
};

}  // namespace ndcat
