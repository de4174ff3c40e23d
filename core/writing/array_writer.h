// ArrayWriter: puts a byte range of a virtual file into the sources that it comes from: the reader's inverse.
#pragma once

#include <span>
#include <vector>

#include "core/layout/file_layout.h"
#include "core/writing/atoms.h"
#include "core/writing/inverse_cast.h"
#include "core/writing/source_sink.h"

namespace ndcat {

enum class WriteStatus {
  ok,
  source_failed,  // the SourceSink gave false
  not_exact,      // an element has no value in the dtype of its source that would be read as the same bytes
};

struct [[nodiscard]] WriteResult {
  WriteStatus status = WriteStatus::ok;
  SourceId source = kFill;  // when the status is not ok
  VirtualOffset at{};       // of the byte range's segment that failed: where its first element begins
  explicit operator bool() const { return status == WriteStatus::ok; }
};

/// Immutable; thread-safe as far as the sinks are.
///
/// Laws: what write() has put is what read() of the same range gives; and all other bytes of all sources are
/// as they were. Exactly the bytes of the range are written, with one exception: an element that is shown
/// through a cast of its value is written whole, and where only a part of it lies in the range the rest is
/// read before (SourceSink::begin_change).
class ArrayWriter {
 public:
  /// `layout` outlives the writer. Error: a cast has no way back. Precondition: find_write_obstacle() of its
  /// view finds nothing.
  static Result<ArrayWriter> make(const FileLayout& layout);

  /// Looks whether write() would meet an element that is not exact; changes nothing. So that of several
  /// ranges none is written before all are found good.
  WriteResult check(VirtualOffset begin, std::span<const std::byte> bytes, SourceSink& sink) const;

  /// Precondition: the range lies within the layout, and check() has found it good. After source_failed a
  /// part of the range may have been written. Allocates only memory that the thread keeps, of at most the
  /// range's size.
  WriteResult write(VirtualOffset begin, std::span<const std::byte> bytes, SourceSink& sink) const;

  /// What a change of one byte changes at least.
  [[nodiscard]] const Atoms& atoms() const { return atoms_; }

 private:
  ArrayWriter(const FileLayout& layout, std::vector<InverseCast> casts);

  const FileLayout* layout_;
  std::vector<InverseCast> casts_;  // by recipe
  bool all_exact_;                  // check() has nothing to do
  Atoms atoms_;
};

}  // namespace ndcat
