// Moments written as ISO 8601 text, exactly, in the units of datetime64. Pure.
#pragma once

#include <string_view>

#include "core/dtypes/dtype.h"
#include "core/result.h"

namespace ndcat {

/// What datetime64 of this step stores for "2020", "2020-07", "2020-07-21", "2020-07-21T12:30:05.25" (a space
/// for the T, a Z at the end, signed years too), "NaT" or "". Error: not such a text, finer than the step, or
/// beyond its 64 bits.
Result<Index> parse_moment(std::string_view text, TimeStep step);

/// The number that stands for "not a time".
inline constexpr Index kNotATime = -kMaxIndex - 1;

/// True for "NaT" in any case, and for an empty text, which NumPy reads alike.
[[nodiscard]] bool is_not_a_time(std::string_view text);

}  // namespace ndcat
