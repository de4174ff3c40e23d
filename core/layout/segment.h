// Segment: a strided block of elements to be copied, filled or converted into a reply, and how a piece
// becomes one.
#pragma once

#include <cstddef>
#include <span>

#include "core/algebra/piece.h"
#include "core/casts/conversion.h"

namespace ndcat {

/// Axes are already merged where both sides allow it; the last axis is the innermost of the file. Offsets of
/// `to` are bytes from the start of the byte range. Refers to the layout it comes from; valid within the
/// visit only.
struct Segment {
  SourceId source = kFill;                   // kFill: `element` is the value
  std::uint32_t recipe = 0;                  // of the piece
  SourceOffset offset{};                     // of the first element
  std::span<const std::byte> element;        // fills only
  const Conversion* conversion = nullptr;    // null: plain copy
  Index from_itemsize = 0, to_itemsize = 0;  // bytes of an element in the source and in the file
  Index to_offset = 0;
  Indices extents, from_strides, to_strides;  // no extent is 1; no axes at all: one element
  /// Only these bytes of the (then single) element belong to the range: a range that starts or ends inside an
  /// element.
  Index skip = 0, keep = 0;  // keep == 0: whole elements
};

/// A sequence of axes, outermost first: the order in which a file holds them.
class AxisSequence {
 public:
  AxisSequence(int rank, bool reversed) : last_(rank - 1), reversed_(reversed) {}
  [[nodiscard]] int operator[](int position) const { return reversed_ ? last_ - position : position; }

 private:
  int last_;
  bool reversed_;
};

/// Sets the geometry of `segment` (offset, to_offset, extents and strides) to what `piece` and the box
/// [origin, origin + extents) have in common, which must be at least one element. `to_strides` are the
/// file's, per axis; `range_begin` is the file's byte at which the range begins.
void set_geometry(Segment& segment, const Piece& piece, const Indices& origin, const Indices& extents,
                  const Strides& to_strides, const AxisSequence& file_axes, Index range_begin);

}  // namespace ndcat
