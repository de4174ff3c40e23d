// Casts that move bytes: copies, byte swaps, truncation and zero padding.
#include <bit>
#include <cstring>

#include "core/casts/byte_swap.h"
#include "core/casts/cast_program.h"

namespace ndcat {
namespace {

template <std::size_t kSize>
bool copy_items(const Program&, std::byte* to, Index to_stride, const std::byte* from, Index from_stride,
                Index count) {
  if (to_stride == kSize && from_stride == kSize) {
    std::memcpy(to, from, static_cast<std::size_t>(count) * kSize);
    return true;
  }
  for (Index i = 0; i < count; ++i) std::memcpy(to + i * to_stride, from + i * from_stride, kSize);
  return true;
}

// Elements of no bytes; there may be no memory at all behind the pointers.
bool copy_nothing(const Program&, std::byte*, Index, const std::byte*, Index, Index) { return true; }

bool copy_any(const Program& program, std::byte* to, Index to_stride, const std::byte* from,
              Index from_stride, Index count) {
  const auto size = static_cast<std::size_t>(program.to_size);
  if (to_stride == program.to_size && from_stride == program.to_size) {
    std::memcpy(to, from, static_cast<std::size_t>(count) * size);
    return true;
  }
  for (Index i = 0; i < count; ++i) std::memcpy(to + i * to_stride, from + i * from_stride, size);
  return true;
}

bool resize(const Program& program, std::byte* to, Index to_stride, const std::byte* from, Index from_stride,
            Index count) {
  const auto kept = static_cast<std::size_t>(std::min(program.from_size, program.to_size));
  const auto padding = static_cast<std::size_t>(program.to_size) - kept;
  for (Index i = 0; i < count; ++i) {
    std::byte* const item = to + i * to_stride;
    // Elements without bytes ("S0") may come from nowhere at all.
    if (kept != 0) std::memcpy(item, from + i * from_stride, kept);
    std::memset(item + kept, 0, padding);
  }
  return true;
}

bool any_byte(const Program& program, std::byte* to, Index to_stride, const std::byte* from,
              Index from_stride, Index count) {
  for (Index i = 0; i < count; ++i) {
    std::byte seen{};
    for (Index at = 0; at < program.from_size; ++at) seen |= from[i * from_stride + at];
    to[i * to_stride] = static_cast<std::byte>(seen != std::byte{});
  }
  return true;
}

template <std::size_t kUnit>
void swap_run(std::byte* to, const std::byte* from, Index units) {
  for (Index i = 0; i < units; ++i) {
    store_swapped<kUnit>(to + i * static_cast<Index>(kUnit), from + i * static_cast<Index>(kUnit));
  }
}

template <std::size_t kUnit>
bool swap_items(const Program& program, std::byte* to, Index to_stride, const std::byte* from,
                Index from_stride, Index count) {
  const Index units = program.to_size / static_cast<Index>(kUnit);
  if (to_stride == program.to_size && from_stride == program.to_size) {
    swap_run<kUnit>(to, from, units * count);
  } else if (units == 1) {
    for (Index i = 0; i < count; ++i) store_swapped<kUnit>(to + i * to_stride, from + i * from_stride);
  } else {
    for (Index i = 0; i < count; ++i) swap_run<kUnit>(to + i * to_stride, from + i * from_stride, units);
  }
  return true;
}

Kernel copy_kernel(Index itemsize) {
  switch (itemsize) {
    case 0:
      return copy_nothing;
    case 1:
      return copy_items<1>;
    case 2:
      return copy_items<2>;
    case 4:
      return copy_items<4>;
    case 8:
      return copy_items<8>;
    case 16:
      return copy_items<16>;
    default:
      return copy_any;
  }
}

Kernel swap_kernel(Index unit) {
  switch (unit) {
    case 2:
      return swap_items<2>;
    case 4:
      return swap_items<4>;
    case 8:
      return swap_items<8>;
    default:
      return swap_items<16>;
  }
}

}  // namespace

ProgramPtr compile_copy(Index itemsize) {
  Program program;
  program.kernel = copy_kernel(itemsize);
  program.from_size = program.to_size = itemsize;
  program.identity = true;
  return std::make_shared<const Program>(std::move(program));
}

ProgramPtr compile_swap(Index itemsize, Index unit) {
  if (unit <= 1) return compile_copy(itemsize);
  Program program;
  program.kernel = swap_kernel(unit);
  program.from_size = program.to_size = itemsize;
  return std::make_shared<const Program>(std::move(program));
}

ProgramPtr compile_resize(Index from_size, Index to_size) {
  if (from_size == to_size) return compile_copy(to_size);
  Program program;
  program.kernel = resize;
  program.from_size = from_size;
  program.to_size = to_size;
  return std::make_shared<const Program>(std::move(program));
}

ProgramPtr compile_any_byte(Index from_size) {
  Program program;
  program.kernel = any_byte;
  program.from_size = from_size;
  program.to_size = 1;
  return std::make_shared<const Program>(std::move(program));
}

}  // namespace ndcat
