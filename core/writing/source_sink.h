// SourceSink: the only way in which core/ changes sources. fs/ implements it over files; tests fake it.
#pragma once

#include <cstddef>
#include <span>

#include "core/algebra/piece.h"

namespace ndcat {

/// One writer's access to sources; not shared between threads. Every function gives false when it could not
/// be done (the implementation remembers why). Precondition of all: the range lies within the source's array.
class SourceSink {
 public:
  virtual ~SourceSink() = default;
  /// Puts exactly these bytes there, and touches no other.
  virtual bool write(SourceId source, SourceOffset offset, std::span<const std::byte> bytes) = 0;
  /// Fills `out`.
  virtual bool read(SourceId source, SourceOffset offset, std::span<std::byte> out) = 0;
  /// From begin to end of it nobody else has begun a change of the element there: around a read and the write
  /// that depends on it. (Who writes elements whole begins none: of two who write to one at once either
  /// wins.)
  virtual void begin_change(SourceId source, SourceOffset offset) = 0;
  virtual void end_change() = 0;
};

}  // namespace ndcat
