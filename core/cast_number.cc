#include "core/cast_number.h"

namespace ndcat {

ProgramPtr compile_number(const Dtype& from, const Dtype& to) {
  Program program;
  program.from_size = from.itemsize();
  program.to_size = to.itemsize();
  const auto kernel_from_any = from.kind() == Kind::complex    ? kernel_from_complex
                               : from.kind() == Kind::floating ? kernel_from_float
                                                               : kernel_from_integer;
  program.kernel = kernel_from_any(type_class(from), type_class(to), !from.is_native());
  return std::make_shared<const Program>(std::move(program));
}

}  // namespace ndcat
