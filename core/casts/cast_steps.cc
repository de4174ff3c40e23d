// Casts one after another, block by block, through two small buffers on the stack.
#include <array>
#include <utility>

#include "core/casts/cast_program.h"

namespace ndcat {
namespace {

constexpr Index kBufferSize = 8 * 1024;

Index largest_middle(const std::vector<ProgramPart>& steps) {
  Index largest = 1;
  for (std::size_t i = 0; i + 1 < steps.size(); ++i) largest = std::max(largest, steps[i].program->to_size);
  return largest;
}

bool run_steps(const Program& program, std::byte* to, Index to_stride, const std::byte* from,
               Index from_stride, Index count) {
  alignas(16) std::array<std::byte, kBufferSize> buffers[2];
  const auto& steps = program.parts;
  const Index block = kBufferSize / largest_middle(steps);
  for (Index done = 0; done < count; done += block) {
    const Index n = std::min(block, count - done);
    const std::byte* input = from + done * from_stride;
    Index input_stride = from_stride;
    for (std::size_t i = 0; i + 1 < steps.size(); ++i) {
      std::byte* const output = buffers[i % 2].data();
      const Program& step = *steps[i].program;
      if (!step.run(output, step.to_size, input, input_stride, n)) return false;
      input = output;
      input_stride = step.to_size;
    }
    if (!steps.back().program->run(to + done * to_stride, to_stride, input, input_stride, n)) return false;
  }
  return true;
}

}  // namespace

Result<ProgramPtr> compile_steps(std::vector<ProgramPtr> steps) {
  const ProgramPtr last = steps.back();
  std::erase_if(steps, [](const ProgramPtr& step) { return step->identity; });
  if (steps.empty()) return last;
  if (steps.size() == 1) return steps.front();
  Program program;
  program.kernel = run_steps;
  program.from_size = steps.front()->from_size;
  program.to_size = steps.back()->to_size;
  for (ProgramPtr& step : steps) {
    program.can_fail = program.can_fail || step->can_fail;
    program.parts.push_back({std::move(step)});
  }
  if (largest_middle(program.parts) > kBufferSize) {
    return Error{"the casts go by way of elements of " + std::to_string(largest_middle(program.parts)) +
                 " bytes; at most " + std::to_string(kBufferSize) + " are possible. Cast in one step"};
  }
  return std::make_shared<const Program>(std::move(program));
}

}  // namespace ndcat
