// Conversion: NumPy-exact casts of runs of elements (ndarray.astype with casting="unsafe"), byte swaps
// included.
//
// Values are NumPy's bit by bit wherever C defines them; where C leaves a cast undefined (float to a narrower
// integer out of range, NaN to integer) the result is what NumPy 1.24 on x86-64 gives. Where NumPy 1.24
// itself is not of one mind: float to uint32 beyond the range of both 32-bit integers gives what its scalar
// code does (its vector code differs, by the position in the array), and a timedelta64 that is too long for
// its U is cut (NumPy writes beyond the element).
#pragma once

#include <cstddef>
#include <memory>
#include <vector>

#include "core/dtypes/dtype.h"

namespace ndcat {

/// A compiled cast. Immutable, cheap to copy, usable from many threads; run() allocates nothing.
class Conversion {
 public:
  /// Error: NumPy has no such cast, or only one that reads text as numbers or times, which a file that is
  /// read lazily could report of single elements only; the message says which of the two and what to do.
  static Result<Conversion> make(const Dtype& from, const Dtype& to);
  /// The casts `path[0] -> path[1] -> ...` in turn, simplified where that changes no value: a step that only
  /// swaps bytes is folded into its neighbour, and a widening followed by its inverse is nothing.
  /// Precondition: path.size() >= 1.
  static Result<Conversion> chain(const std::vector<Dtype>& path);

  /// Bytes of an element before and after.
  [[nodiscard]] Index from_itemsize() const;
  [[nodiscard]] Index to_itemsize() const;
  /// True when the bytes stay as they are, so a plain copy will do.
  [[nodiscard]] bool is_identity() const;
  /// True when run() can return false: where np.concatenate would raise for the value of one element (bytes
  /// beyond ASCII to U, say), so that nobody can know without reading them all.
  [[nodiscard]] bool can_fail() const;

  /// Converts `count` elements. `from` and `to` do not overlap and need no alignment; strides are in bytes,
  /// of either sign or zero. Padding bytes of structured results are zero. False: an element has no value in
  /// the target dtype, where NumPy raises an exception; `to` is then unspecified and the read must fail
  /// (EIO), naming the source.
  [[nodiscard]] bool run(std::byte* to, Index to_stride, const std::byte* from, Index from_stride,
                         Index count) const noexcept;

  struct Program;  // cast_program.h

 private:
  explicit Conversion(std::shared_ptr<const Program> program) : program_(std::move(program)) {}
  std::shared_ptr<const Program> program_;
};

}  // namespace ndcat
