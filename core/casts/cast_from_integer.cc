#include "core/casts/cast_number.h"

namespace ndcat {

Kernel kernel_from_integer(TypeClass from, TypeClass to, bool swapped) {
  switch (from) {
    case TypeClass::boolean:
      return kernel_from<Bool>(to, swapped);
    case TypeClass::int8:
      return kernel_from<std::int8_t>(to, swapped);
    case TypeClass::uint8:
      return kernel_from<std::uint8_t>(to, swapped);
    case TypeClass::int16:
      return kernel_from<std::int16_t>(to, swapped);
    case TypeClass::uint16:
      return kernel_from<std::uint16_t>(to, swapped);
    case TypeClass::int32:
      return kernel_from<std::int32_t>(to, swapped);
    case TypeClass::uint32:
      return kernel_from<std::uint32_t>(to, swapped);
    case TypeClass::uint64:
      return kernel_from<std::uint64_t>(to, swapped);
    default:
      return kernel_from<std::int64_t>(to, swapped);  // int64 and times
  }
}

}  // namespace ndcat
