// ByteMap: casts that only move bytes (a change of byte order, text made longer), told byte by byte, so that
// a part of an element can be written without looking at the rest of it.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "core/dtypes/dtype.h"

namespace ndcat {

/// Entry i: which byte of the element in the source is byte i of the element in the file; kPadding where the
/// file always shows zero.
using ByteMap = std::vector<std::int32_t>;
inline constexpr std::int32_t kPadding = -1;

/// Of the casts `path[0] -> path[1] -> ...` in turn. Nothing: one of them does more than move bytes, or takes
/// some away. Structures are taken through changes of byte order alone, and only those without padding. So
/// every byte of the source's element has its place. Precondition: path.size() >= 1, and all casts exist.
[[nodiscard]] std::optional<ByteMap> byte_map_of(const std::vector<Dtype>& path);

}  // namespace ndcat
