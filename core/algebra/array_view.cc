#include "core/algebra/array_view.h"

#include "core/algebra/numpy_strides.h"

namespace ndcat {

Order memory_order(const ArrayView& view) {
  const auto contiguous = [&](Order order) {
    return is_contiguous(view.shape, view.numpy_strides, view.dtype.itemsize(), order);
  };
  return contiguous(Order::f) && !contiguous(Order::c) ? Order::f : Order::c;
}

}  // namespace ndcat
