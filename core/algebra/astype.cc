#include "core/algebra/algebra.h"
#include "core/algebra/array_size.h"
#include "core/casts/conversion.h"
#include "core/dtypes/promotion.h"

namespace ndcat {

Result<ArrayView> astype(ArrayView view, const Dtype& wanted) {
  const Dtype dtype = fitted(wanted, view.dtype);  // "S" is as wide as the array needs
  if (const auto size = array_size(dtype, view.shape); !size) return size.error();
  if (const auto cast = Conversion::make(view.dtype, dtype); !cast) return cast.error();
  if (auto error = convert_fills(view.fills, view.dtype, dtype)) return *error;
  for (std::vector<Dtype>& path : view.casts) {
    if (path.back() != dtype) path.push_back(dtype);
  }
  view.numpy_strides =
      keep_order_strides(view.shape, view.numpy_strides, view.dtype.itemsize(), dtype.itemsize());
  view.dtype = dtype;
  return view;
}

}  // namespace ndcat
