// Gather kernels: move strided blocks of elements from mapped sources into a reply.
//
// Pure functions over memory: nothing is allocated and no frame holds anything that needs a destructor, so a
// caller may leave by siglongjmp when a source faults. Strides are in bytes, of either sign; `to` and `from`
// do not overlap. Between the first and the last element of `to` in memory, bytes that belong to no element
// keep their values but may be written again: nobody else may write them meanwhile.
#pragma once

#include <cstddef>

#include "core/casts/conversion.h"
#include "core/indices.h"

namespace ndcat {

/// Both sides of a strided block, axis by axis, the innermost last. `from` and `to` of the functions below
/// point to the first element, which need not be the lowest in memory.
struct BlockShape {
  Indices extents, from_strides, to_strides;
};

/// Copies elements of `itemsize` bytes.
void copy_block(std::byte* to, const std::byte* from, const BlockShape& shape, Index itemsize);

/// Writes `element` everywhere; from_strides do not matter.
void fill_block(std::byte* to, const std::byte* element, const BlockShape& shape, Index itemsize);

/// Converts elements. Returns false as soon as one cannot be converted.
bool convert_block(std::byte* to, const std::byte* from, const BlockShape& shape,
                   const Conversion& conversion);

}  // namespace ndcat
