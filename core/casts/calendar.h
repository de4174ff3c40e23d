// datetime64 values as dates and times of day (proleptic Gregorian, no leap seconds), exactly as NumPy
// computes them: where 64 bits do not suffice the result wraps around.
#pragma once

#include <cstdint>
#include <limits>

#include "core/dtypes/dtype.h"

namespace ndcat {

/// "Not a time": the one value of datetime64 and timedelta64 that no unit conversion changes.
inline constexpr std::int64_t kNat = std::numeric_limits<std::int64_t>::min();

struct CalendarTime {
  std::int64_t year = 1970;
  int month = 1, day = 1;  // from 1
  int hour = 0, minute = 0, second = 0;
  int microsecond = 0, picosecond = 0, attosecond = 0;  // each below 10^6
};

/// Precondition: value != kNat, step is not generic.
[[nodiscard]] CalendarTime calendar_time(std::int64_t value, TimeStep step);
/// The last step that is not later. Precondition: step is not generic.
[[nodiscard]] std::int64_t time_value(const CalendarTime& time, TimeStep step);

}  // namespace ndcat
