// FileLayout: how the elements of an array view lie in a virtual file, and which pieces a byte range of it meets.
//
// plan() proves every bound once: every segment of every range lies within its source's size as it was given, and no
// sum or product overflows. After it only the world can fail (EIO, ESTALE), never the arithmetic.
#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <span>
#include <vector>

#include "core/array_view.h"
#include "core/conversion.h"

namespace ndcat {

/// A byte's position in the array part of a virtual file (its header, if any, comes before; see VirtualFile).
enum class VirtualOffset : Index {};

/// Half-open: `length` bytes from `begin`. length >= 0.
struct ByteRange {
  VirtualOffset begin{};
  Index length = 0;
};

/// A strided block of whole elements to be copied, filled or converted into the reply. Axes are already merged where
/// both sides allow it; the last axis is the innermost. Offsets of `to` are bytes from the start of the byte range.
struct Segment {
  SourceId source = kFill;                  // kFill: `element` is the value
  SourceOffset offset{};                    // of the first element
  std::span<const std::byte> element;       // fills only
  const Conversion* conversion = nullptr;   // null: plain copy
  Index from_itemsize = 0, to_itemsize = 0; // bytes of an element in the source and in the file
  Index to_offset = 0;
  Indices extents, from_strides, to_strides;
  /// Only these bytes of the (then single) element belong to the range: a range that starts or ends inside an element.
  Index skip = 0, keep = 0;  // keep == 0: whole elements
};

/// How long the contiguous runs are that sequential reading meets; for `ndcat show` and the choice of read mechanism.
struct RunLengths {
  Index shortest = 0, median = 0, longest = 0;  // bytes of virtual file served from one contiguous part of one source
};

/// Immutable after plan(); all const members are thread-safe.
class FileLayout {
 public:
  /// Takes the view apart for reading in `order`. Error: the file would exceed 2^63 - 1 bytes (header_reserve included).
  static Result<FileLayout> plan(ArrayView view, Order order, Index header_reserve = 0);

  FileLayout(FileLayout&&) noexcept;
  FileLayout& operator=(FileLayout&&) noexcept;
  ~FileLayout();

  [[nodiscard]] const ArrayView& view() const;
  [[nodiscard]] Order order() const;
  /// Bytes of the array: elements times itemsize.
  [[nodiscard]] Index size() const;
  [[nodiscard]] RunLengths run_lengths() const;

  /// Calls `visit` for every segment of the range, in no particular order; together they cover every byte of it exactly
  /// once. Stops and returns false as soon as `visit` does. Allocates nothing per element.
  /// Precondition: the range lies within [0, size()].
  bool for_each_segment(ByteRange range, const std::function<bool(const Segment&)>& visit) const;

  struct Plan;  // file_layout.cc

 private:
  explicit FileLayout(std::unique_ptr<const Plan> plan);
  std::unique_ptr<const Plan> plan_;
};

}  // namespace ndcat
