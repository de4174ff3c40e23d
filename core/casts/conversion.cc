#include "core/casts/conversion.h"

#include "core/casts/cast_program.h"

namespace ndcat {

Result<Conversion> Conversion::make(const Dtype& from, const Dtype& to) { return chain({from, to}); }

Result<Conversion> Conversion::chain(const std::vector<Dtype>& path) {
  auto program = compile_path(path);
  if (!program) return program.error();
  return Conversion(*std::move(program));
}

Index Conversion::from_itemsize() const { return program_->from_size; }

Index Conversion::to_itemsize() const { return program_->to_size; }

bool Conversion::is_identity() const { return program_->identity; }

bool Conversion::can_fail() const { return program_->can_fail; }

bool Conversion::run(std::byte* to, Index to_stride, const std::byte* from, Index from_stride,
                     Index count) const noexcept {
  if (count == 0) return true;  // the pointers may be null
  return program_->run(to, to_stride, from, from_stride, count);
}

}  // namespace ndcat
