#include "core/casts/cast_loops.h"

namespace ndcat {
namespace {

bool is_integer(const Dtype& dtype) {
  return dtype.kind() != Kind::boolean && dtype.kind() != Kind::floating && dtype.kind() != Kind::complex;
}

}  // namespace

Result<ProgramPtr> compile_number(const Dtype& from, const Dtype& to) {
  if (is_integer(from) && is_integer(to) && from.itemsize() == to.itemsize()) {  // the same bits
    return compile_swap(to.itemsize(), from.byte_order() == to.byte_order() ? 1 : swap_unit(to));
  }
  const auto kernel_from_any = from.kind() == Kind::complex    ? kernel_from_complex
                               : from.kind() == Kind::floating ? kernel_from_float
                                                               : kernel_from_integer;
  const DenseKernel kernel = kernel_from_any(type_class(from), type_class(to), !from.is_native());
  Program program = dense_program(kernel, from.itemsize(), to.itemsize());
  auto native = std::make_shared<const Program>(std::move(program));
  if (to.is_native()) return ProgramPtr(std::move(native));
  return compile_steps({std::move(native), compile_swap(to.itemsize(), swap_unit(to))});
}

}  // namespace ndcat
