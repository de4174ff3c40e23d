#include "core/casts/cast_loops.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "core/casts/cast_from_integer.cc"
#include "core/kernels/for_each_target.h"
// After it, once for each target.
#include "core/casts/vector_loops.h"

HWY_BEFORE_NAMESPACE();
namespace ndcat {
namespace HWY_NAMESPACE {
namespace {

DenseKernel find_kernel(TypeClass from, TypeClass to, bool swapped) {
  switch (from) {
    case TypeClass::boolean:
      return kernel_from<Loops, Bool>(to, swapped);
    case TypeClass::int8:
      return kernel_from<Loops, std::int8_t>(to, swapped);
    case TypeClass::uint8:
      return kernel_from<Loops, std::uint8_t>(to, swapped);
    case TypeClass::int16:
      return kernel_from<Loops, std::int16_t>(to, swapped);
    case TypeClass::uint16:
      return kernel_from<Loops, std::uint16_t>(to, swapped);
    case TypeClass::int32:
      return kernel_from<Loops, std::int32_t>(to, swapped);
    case TypeClass::uint32:
      return kernel_from<Loops, std::uint32_t>(to, swapped);
    case TypeClass::uint64:
      return kernel_from<Loops, std::uint64_t>(to, swapped);
    default:
      return kernel_from<Loops, std::int64_t>(to, swapped);  // int64 and times
  }
}

}  // namespace
}  // namespace HWY_NAMESPACE
}  // namespace ndcat
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace ndcat {

HWY_EXPORT(find_kernel);

DenseKernel kernel_from_integer(TypeClass from, TypeClass to, bool swapped) {
  return HWY_DYNAMIC_DISPATCH(find_kernel)(from, to, swapped);
}

}  // namespace ndcat
#endif
