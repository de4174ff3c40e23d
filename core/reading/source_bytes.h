// SourceBytes: the only way in which core/ sees the bytes of sources. fs/ implements it over maps and pread;
// tests fake it.
#pragma once

#include <cstddef>
#include <cstring>

#include "core/algebra/piece.h"

namespace ndcat {

/// One reader's access to sources; not shared between threads.
class SourceBytes {
 public:
  virtual ~SourceBytes() = default;
  /// The longest span, in bytes, that may be asked for at once of this source (a map allows all of it). At
  /// least 64 KiB.
  virtual Index longest_span(SourceId source) = 0;
  /// `length` bytes of the source from `offset` on, valid until the next call; null when they cannot be had
  /// (the implementation remembers why). Precondition: 0 < length <= longest_span(source), all within the
  /// source's size.
  virtual const std::byte* bytes(SourceId source, SourceOffset offset, Index length) = 0;
  /// Writes what bytes() would give to `to`; false when it cannot be had. For those whose bytes are not in
  /// memory yet, and who can have them put there at once.
  virtual bool copy(std::byte* to, SourceId source, SourceOffset offset, Index length) {
    const std::byte* const from = bytes(source, offset, length);
    if (from != nullptr) std::memcpy(to, from, static_cast<std::size_t>(length));
    return from != nullptr;
  }
};

}  // namespace ndcat
