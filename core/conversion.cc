#include "core/conversion.h"

#include "core/cast_program.h"
#include "core/type_class.h"

namespace ndcat {
namespace {

bool is_numeric(const Dtype& dtype) {
  return is_number(type_class(dtype)) || dtype.kind() == Kind::datetime || dtype.kind() == Kind::timedelta;
}

// Bytes that a swap reverses together.
Index swap_unit(const Dtype& dtype) {
  if (dtype.kind() == Kind::unicode) return 4;
  return dtype.kind() == Kind::complex ? dtype.itemsize() / 2 : dtype.itemsize();
}

}  // namespace

Result<ProgramPtr> compile(const Dtype& from, const Dtype& to) {
  if (from == to) return compile_copy(to.itemsize());
  if (from.is_structured() || to.is_structured())
    return Error{"cannot convert " + from.name() + " to " + to.name()};
  if (from.native() == to.native()) return compile_swap(to.itemsize(), swap_unit(to));
  if (is_numeric(from) && is_numeric(to) && from.time_step() == to.time_step()) {
    const ProgramPtr program = compile_number(from, to.native());
    if (to.is_native()) return program;
    return compile_steps({program, compile_swap(to.itemsize(), swap_unit(to))});
  }
  if (from.kind() == to.kind() && (from.kind() == Kind::bytes || from.kind() == Kind::raw)) {
    return compile_resize(from.itemsize(), to.itemsize());
  }
  return Error{"cannot convert " + from.name() + " to " + to.name()};
}

Result<Conversion> Conversion::make(const Dtype& from, const Dtype& to) {
  auto program = compile(from, to);
  if (!program) return program.error();
  return Conversion(*std::move(program));
}

Result<Conversion> Conversion::chain(const std::vector<Dtype>& path) {
  std::vector<ProgramPtr> steps{compile_copy(path.front().itemsize())};
  for (std::size_t i = 1; i < path.size(); ++i) {
    auto step = compile(path[i - 1], path[i]);
    if (!step) return step.error();
    steps.push_back(*std::move(step));
  }
  auto program = compile_steps(std::move(steps));
  if (!program) return program.error();
  return Conversion(*std::move(program));
}

bool Conversion::is_identity() const { return program_->identity; }

bool Conversion::can_fail() const { return program_->can_fail; }

bool Conversion::run(std::byte* to, Index to_stride, const std::byte* from, Index from_stride,
                     Index count) const noexcept {
  return program_->run(to, to_stride, from, from_stride, count);
}

}  // namespace ndcat
