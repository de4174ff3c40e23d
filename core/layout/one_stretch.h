// One stretch: an array whose bytes lie in one source exactly as they do in its file.
#pragma once

#include <optional>

#include "core/layout/file_layout.h"

namespace ndcat {

struct SourceStretch {
  SourceId source = 0;
  SourceOffset offset{};  // of the array's first byte; the others follow, layout.size() in all
};

/// Nothing when bytes are filled, converted, or come from several pieces, and when there are none.
[[nodiscard]] std::optional<SourceStretch> one_stretch(const FileLayout& layout);

}  // namespace ndcat
