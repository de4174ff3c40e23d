// Arithmetic of datetime64 and timedelta64 units, with NumPy's rules for what overflows and what does not
// convert.
#pragma once

#include <cstdint>
#include <optional>

#include "core/dtypes/dtype.h"

namespace ndcat {

/// Years and months have no fixed length in the finer units.
[[nodiscard]] constexpr bool is_calendar(TimeUnit unit) { return unit <= TimeUnit::month; }

/// A reduced fraction: a value in the source's steps times num / denom is the value in the target's.
struct TimeFactor {
  std::int64_t num = 1, denom = 1;
  friend bool operator==(const TimeFactor&, const TimeFactor&) = default;
};

/// The factor between two steps, years and months taken at their average in the calendar's 400-year cycle.
/// Nothing: it overflows, or `to` is generic and `from` is not.
[[nodiscard]] std::optional<TimeFactor> time_factor(TimeStep from, TimeStep to);

/// The coarsest step that both are multiples of; `strict`: years and months have none with finer units
/// (timedelta64). Error: there is none, or it overflows.
[[nodiscard]] Result<TimeStep> common_step(TimeStep a, bool strict_a, TimeStep b, bool strict_b);

}  // namespace ndcat
