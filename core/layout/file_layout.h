// FileLayout: how the elements of an array view lie in a virtual file, and which pieces a byte range of it
// meets.
//
// plan() proves every bound once: every segment of every range lies within what the view's pieces cover of
// their sources, and no sum or product overflows. After it only the world can fail (EIO, ESTALE), never the
// arithmetic.
#pragma once

#include <memory>

#include "core/algebra/array_view.h"
#include "core/function_ref.h"
#include "core/layout/run_lengths.h"
#include "core/layout/segment.h"

namespace ndcat {

/// A byte's position in the array part of a virtual file (its header, if any, comes before; see VirtualFile).
enum class VirtualOffset : Index {};

/// Half-open: `length` bytes from `begin`. length >= 0.
struct ByteRange {
  VirtualOffset begin{};
  Index length = 0;
};

/// Immutable after plan(); all const members are thread-safe.
class FileLayout {
 public:
  /// Takes the view apart for reading in `order`. Error: the file would exceed 2^63 - 1 bytes (header_reserve
  /// included), an element to be converted is larger than 64 MiB, a cast does not exist.
  static Result<FileLayout> plan(ArrayView view, Order order, Index header_reserve = 0);

  FileLayout(FileLayout&&) noexcept;
  FileLayout& operator=(FileLayout&&) noexcept;
  ~FileLayout();

  [[nodiscard]] const ArrayView& view() const;
  [[nodiscard]] Order order() const;
  /// Bytes of the array: elements times itemsize.
  [[nodiscard]] Index size() const;
  [[nodiscard]] RunLengths run_lengths() const;

  /// Calls `visit` for every segment of the range, in no particular order; together they cover every byte of
  /// it exactly once. Stops and returns false as soon as `visit` does. Allocates nothing. Precondition: the
  /// range lies within [0, size()].
  bool for_each_segment(ByteRange range, FunctionRef<bool(const Segment&)> visit) const;

  struct Plan;  // file_layout.cc

 private:
  explicit FileLayout(std::unique_ptr<const Plan> plan);
  std::unique_ptr<const Plan> plan_;
};

}  // namespace ndcat
