#include "core/casts/cast_number.h"

namespace ndcat {

Kernel kernel_from_float(TypeClass from, TypeClass to, bool swapped) {
  switch (from) {
    case TypeClass::float16:
      return kernel_from<Half>(to, swapped);
    case TypeClass::float32:
      return kernel_from<float>(to, swapped);
    case TypeClass::float64:
      return kernel_from<double>(to, swapped);
    default:
      return kernel_from<long double>(to, swapped);
  }
}

}  // namespace ndcat
