// Dtypes of one class put together: the steps of promotion that look at widths, units and fields.
#pragma once

#include "core/dtypes/dtype.h"
#include "core/dtypes/type_class.h"

namespace ndcat {

/// Equal, and made with the same align flags, which == does not see but promotion does.
[[nodiscard]] bool is_same(const Dtype& a, const Dtype& b);

/// The instance of the class that holds every value of `dtype`: int64 as U is U21. Precondition: `dtype`
/// converts to it, and the class is not one of numbers.
[[nodiscard]] Dtype instance_of(TypeClass type, const Dtype& dtype);

/// What np.result_type makes of a single dtype: native, the padding of structured types dropped. Error: NumPy
/// 1.24 makes a broken dtype of it.
[[nodiscard]] Result<Dtype> canonical(const Dtype& dtype);

/// The dtype that holds the values of both. Precondition: both are of one class, which is not one of numbers.
/// Error: they have none in common, in words that name both.
[[nodiscard]] Result<Dtype> common_instance(const Dtype& a, const Dtype& b);

/// np.can_cast(from, to, "same_kind"), for a `to` that promotion made of `from` and others.
[[nodiscard]] bool is_same_kind(const Dtype& from, const Dtype& to);

}  // namespace ndcat
