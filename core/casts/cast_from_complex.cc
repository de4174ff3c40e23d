#include "core/casts/cast_number.h"

namespace ndcat {

Kernel kernel_from_complex(TypeClass from, TypeClass to, bool swapped) {
  switch (from) {
    case TypeClass::complex64:
      return kernel_from<Complex<float>>(to, swapped);
    case TypeClass::complex128:
      return kernel_from<Complex<double>>(to, swapped);
    default:
      return kernel_from<Complex<long double>>(to, swapped);
  }
}

}  // namespace ndcat
