#include "core/casts/cast_loops.h"

namespace ndcat {

DenseKernel kernel_from_complex(TypeClass from, TypeClass to, bool swapped) {
  switch (from) {
    case TypeClass::complex64:
      return kernel_from<PlainLoops, Complex<float>>(to, swapped);
    case TypeClass::complex128:
      return kernel_from<PlainLoops, Complex<double>>(to, swapped);
    default:
      return kernel_from<PlainLoops, Complex<long double>>(to, swapped);
  }
}

}  // namespace ndcat
