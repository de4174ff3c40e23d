// Conversion: NumPy-exact casts of runs of elements (ndarray.astype with casting="unsafe"), byte swaps included.
//
// Values are NumPy's bit by bit wherever C defines them; where C leaves a cast undefined (float to a narrower integer
// out of range, NaN to integer) the result is what NumPy 1.24 on x86-64 gives.
#pragma once

#include <cstddef>
#include <vector>

#include "core/dtype.h"

namespace ndcat {

/// A compiled cast. Immutable, cheap to copy, usable from many threads; run() allocates nothing.
class Conversion {
 public:
  /// Error: NumPy has no such cast, or it can fail for single elements (text to numbers, say), which a file that is
  /// read lazily could only report as an I/O error; the message says which of the two and what to do.
  static Result<Conversion> make(const Dtype& from, const Dtype& to);
  /// The casts `path[0] -> path[1] -> ...` in turn, simplified where that changes no value: a step that only swaps bytes
  /// is folded into its neighbour, and a widening followed by its inverse is nothing. Precondition: path.size() >= 1.
  static Result<Conversion> chain(const std::vector<Dtype>& path);

  /// True when the bytes stay as they are, so a plain copy will do.
  [[nodiscard]] bool is_identity() const;

  /// Converts `count` elements. `from` and `to` do not overlap and need no alignment; strides are in bytes, of either
  /// sign or zero. Padding bytes of structured results are zero.
  void run(std::byte* to, Index to_stride, const std::byte* from, Index from_stride, Index count) const noexcept;

  struct Program;  // conversion.cc

 private:
  explicit Conversion(std::shared_ptr<const Program> program) : program_(std::move(program)) {}
  std::shared_ptr<const Program> program_;
};

}  // namespace ndcat
