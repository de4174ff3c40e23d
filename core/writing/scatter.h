// Scatter: one segment of a byte range, put into its source. Private to ArrayWriter.
#pragma once

#include <span>

#include "core/layout/segment.h"
#include "core/writing/array_writer.h"

namespace ndcat {

/// `bytes` are those of the whole range, of which `segment` tells the place of its own.
WriteStatus check_segment(const Segment& segment, const InverseCast& cast, std::span<const std::byte> bytes,
                          SourceSink& sink);
WriteStatus write_segment(const Segment& segment, const InverseCast& cast, std::span<const std::byte> bytes,
                          SourceSink& sink);

}  // namespace ndcat
