// Kernels of dense elements on elements that are not: by way of two small buffers that stay in the cache, so
// that each step is a loop of vectors.
#include "core/casts/cast_program.h"
#include "core/kernels/prefetch.h"
#include "core/kernels/tile.h"

namespace ndcat {
namespace {

constexpr Index kBufferSize = 4096;
// Fewer are not worth the way.
constexpr Index kFewElements = 8;

bool run_dense(const Program& program, std::byte* to, Index to_stride, const std::byte* from,
               Index from_stride, Index count) {
  const Index from_size = program.from_size, to_size = program.to_size;
  const bool from_dense = from_stride == from_size, to_dense = to_stride == to_size;
  if ((from_dense && to_dense) || count == 1) {
    program.dense(program, to, from, count);
    return true;
  }
  const Index block = kBufferSize / std::max(from_size, to_size);
  if (std::min(block, count) < kFewElements) {
    for (Index i = 0; i < count; ++i) program.dense(program, to + i * to_stride, from + i * from_stride, 1);
    return true;
  }
  alignas(64) std::byte input[kBufferSize], output[kBufferSize];
  for (Index done = 0; done < count; done += block) {
    const Index n = std::min(block, count - done);
    const std::byte* const block_from = from + done * from_stride;
    std::byte* const block_to = to + done * to_stride;
    if (const Index next = std::min(block, count - done - n); next > 0) {
      prefetch_tile(block_from + block * from_stride, {.row_stride = 0, .column_stride = from_stride}, 1,
                    next, from_size);
    }
    if (!from_dense) copy_row(input, from_size, block_from, from_stride, n, from_size);
    program.dense(program, to_dense ? block_to : output, from_dense ? block_from : input, n);
    if (!to_dense) copy_row(block_to, to_stride, output, to_size, n, to_size);
  }
  return true;
}

}  // namespace

Program dense_program(DenseKernel kernel, Index from_size, Index to_size) {
  Program program;
  program.kernel = run_dense;
  program.dense = kernel;
  program.from_size = from_size;
  program.to_size = to_size;
  return program;
}

}  // namespace ndcat
