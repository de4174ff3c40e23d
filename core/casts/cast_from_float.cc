#include "core/casts/cast_loops.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "core/casts/cast_from_float.cc"
#include "core/kernels/for_each_target.h"
// After it, once for each target.
#include "core/casts/vector_loops.h"

HWY_BEFORE_NAMESPACE();
namespace ndcat {
namespace HWY_NAMESPACE {
namespace {

DenseKernel find_kernel(TypeClass from, TypeClass to, bool swapped) {
  switch (from) {
    case TypeClass::float16:
      return kernel_from<Loops, Half>(to, swapped);
    case TypeClass::float32:
      return kernel_from<Loops, float>(to, swapped);
    case TypeClass::float64:
      return kernel_from<Loops, double>(to, swapped);
    default:
      return kernel_from<Loops, long double>(to, swapped);
  }
}

}  // namespace
}  // namespace HWY_NAMESPACE
}  // namespace ndcat
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace ndcat {

HWY_EXPORT(find_kernel);

DenseKernel kernel_from_float(TypeClass from, TypeClass to, bool swapped) {
  return HWY_DYNAMIC_DISPATCH(find_kernel)(from, to, swapped);
}

}  // namespace ndcat
#endif
