// Byte swaps, compiled for each instruction set.
#include "core/casts/byte_swap.h"
#include "core/casts/cast_program.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "core/casts/cast_swap.cc"
#include "core/kernels/for_each_target.h"

HWY_BEFORE_NAMESPACE();
namespace ndcat {
namespace HWY_NAMESPACE {
namespace {

template <std::size_t kUnit>
void swap_units(const Program& program, std::byte* __restrict to, const std::byte* __restrict from,
                Index count) {
  const Index bytes = program.to_size * count;
  for (Index at = 0; at < bytes; at += static_cast<Index>(kUnit)) store_swapped<kUnit>(to + at, from + at);
}

DenseKernel find_swap(Index unit) {
  switch (unit) {
    case 2:
      return swap_units<2>;
    case 4:
      return swap_units<4>;
    case 8:
      return swap_units<8>;
    default:
      return swap_units<16>;
  }
}

}  // namespace
}  // namespace HWY_NAMESPACE
}  // namespace ndcat
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace ndcat {

HWY_EXPORT(find_swap);

ProgramPtr compile_swap(Index itemsize, Index unit) {
  if (unit <= 1) return compile_copy(itemsize);
  Program program = dense_program(HWY_DYNAMIC_DISPATCH(find_swap)(unit), itemsize, itemsize);
  return std::make_shared<const Program>(std::move(program));
}

}  // namespace ndcat
#endif
