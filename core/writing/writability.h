// Whether an array can be written through to its sources, and what stands in the way.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>

#include "core/algebra/array_view.h"

namespace ndcat {

/// Why nothing can be written through a view: one part of it, and a reason that begins behind the part's name
/// ("is one value that comes from no file").
struct WriteObstacle {
  std::size_t piece = 0;
  std::optional<std::size_t> other;  // the piece that it meets
  std::string reason;
};

/// The first obstacle, or nothing: then every byte of the array has one place in one source, no two bytes
/// have the same, and each element has a way back (see InverseCast). `files` says for each SourceId which
/// file it is: two sources are one file when they have the same number, whatever path leads there. Costs a
/// sort of the pieces. Precondition: check_bounds(view) finds nothing.
[[nodiscard]] std::optional<WriteObstacle> find_write_obstacle(const ArrayView& view,
                                                               std::span<const std::uint32_t> files);

}  // namespace ndcat
