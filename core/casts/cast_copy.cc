// Casts that move bytes: copies, truncation and zero padding.
#include <algorithm>
#include <cstring>

#include "core/casts/cast_program.h"
#include "core/kernels/tile.h"

namespace ndcat {
namespace {

// Elements of no bytes; there may be no memory at all behind the pointers.
bool copy_nothing(const Program&, std::byte*, Index, const std::byte*, Index, Index) { return true; }

bool copy_items(const Program& program, std::byte* to, Index to_stride, const std::byte* from,
                Index from_stride, Index count) {
  const Index size = program.to_size;
  if (to_stride == size && from_stride == size) {
    std::memcpy(to, from, static_cast<std::size_t>(count * size));
  } else {
    copy_row(to, to_stride, from, from_stride, count, size);
  }
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

}  // namespace

ProgramPtr compile_copy(Index itemsize) {
  Program program;
  program.kernel = itemsize == 0 ? copy_nothing : copy_items;
  program.from_size = program.to_size = itemsize;
  program.identity = true;
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
