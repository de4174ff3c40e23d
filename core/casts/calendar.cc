#include "core/casts/calendar.h"

#include <array>

#include "core/wrapping.h"

namespace ndcat {
namespace {

constexpr std::int64_t kDaysIn400Years = 400 * 365 + 97;
constexpr std::int64_t kDaysIn100Years = 100 * 365 + 24;
constexpr std::int64_t kDaysIn4Years = 4 * 365 + 1;
constexpr std::int64_t kSecondsInDay = 24 * 60 * 60;

bool is_leap_year(std::int64_t year) { return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0); }

int days_in_month(std::int64_t year, int month) {
  static constexpr std::array<int, 12> kDays{31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  return kDays[static_cast<std::size_t>(month - 1)] + (month == 2 && is_leap_year(year) ? 1 : 0);
}

// Takes whole units out of `value`, rounding down, and leaves the rest (>= 0).
std::int64_t take(std::int64_t& value, std::int64_t unit) {
  std::int64_t whole = value / unit;
  value %= unit;
  if (value < 0) {
    value += unit;
    --whole;
  }
  return whole;
}

// Days since 1970-01-01 to year, month and day.
void set_date(CalendarTime& time, std::int64_t days) {
  days = wrapping_add(days, -(365 * 30 + 7));  // since 2000-01-01, where a cycle of 400 years begins
  std::int64_t year = 400 * take(days, kDaysIn400Years);
  if (days >= 366) {
    year += 100 * ((days - 1) / kDaysIn100Years);
    days = (days - 1) % kDaysIn100Years;
    if (days >= 365) {
      year += 4 * ((days + 1) / kDaysIn4Years);
      days = (days + 1) % kDaysIn4Years;
      if (days >= 366) {
        year += (days - 1) / 365;
        days = (days - 1) % 365;
      }
    }
  }
  time.year = year + 2000;
  time.month = 1;
  while (days >= days_in_month(time.year, time.month)) days -= days_in_month(time.year, time.month++);
  time.day = static_cast<int>(days) + 1;
}

// Days since 1970-01-01.
std::int64_t days_of(const CalendarTime& time) {
  std::int64_t year = wrapping_add(time.year, -1970);
  std::int64_t days = wrapping_multiply(year, 365);
  if (days >= 0) {
    year = wrapping_add(year, 1);  // 1968 is the leap year before
    days = wrapping_add(days, year / 4);
    year = wrapping_add(year, 68);
    days = wrapping_add(days, -(year / 100));
    year = wrapping_add(year, 300);
  } else {
    year = wrapping_add(year, -2);  // 1972 is the leap year after
    days = wrapping_add(days, year / 4);
    year = wrapping_add(year, -28);
    days = wrapping_add(days, -(year / 100));
  }
  days = wrapping_add(days, year / 400);
  for (int month = 1; month < time.month; ++month) days = wrapping_add(days, days_in_month(time.year, month));
  return wrapping_add(days, time.day - 1);
}

// How many of the unit, a second or finer, make up a second.
std::int64_t per_second(TimeUnit unit) {
  std::int64_t count = 1;
  for (auto u = TimeUnit::second; u < unit; u = static_cast<TimeUnit>(static_cast<int>(u) + 1)) count *= 1000;
  return count;
}

// Sets the parts of a second from a count of units, `in_second` of which make up one.
void set_fraction(CalendarTime& time, std::int64_t value, std::int64_t in_second) {
  for (int* const part : {&time.microsecond, &time.picosecond, &time.attosecond}) {
    if (in_second < 1'000'000) {  // the last digits
      *part = static_cast<int>(value * (1'000'000 / in_second));
      return;
    }
    in_second /= 1'000'000;
    *part = static_cast<int>(take(value, in_second));
  }
}

// Before division by the step's count.
std::int64_t units_of(const CalendarTime& time, TimeUnit unit) {
  if (unit == TimeUnit::year) return wrapping_add(time.year, -1970);
  if (unit == TimeUnit::month) {
    return wrapping_add(wrapping_multiply(12, wrapping_add(time.year, -1970)), time.month - 1);
  }
  std::int64_t value = days_of(time);
  if (unit == TimeUnit::week) return value >= 0 ? value / 7 : wrapping_add(value, -6) / 7;
  const auto next = [&value](std::int64_t factor, std::int64_t part) {
    value = wrapping_add(wrapping_multiply(value, factor), part);
  };
  if (unit >= TimeUnit::hour) next(24, time.hour);
  if (unit >= TimeUnit::minute) next(60, time.minute);
  if (unit >= TimeUnit::second) next(60, time.second);
  if (unit == TimeUnit::ms) next(1000, time.microsecond / 1000);
  if (unit >= TimeUnit::us) next(1'000'000, time.microsecond);
  if (unit == TimeUnit::ns) next(1000, time.picosecond / 1000);
  if (unit >= TimeUnit::ps) next(1'000'000, time.picosecond);
  if (unit == TimeUnit::fs) next(1000, time.attosecond / 1000);
  if (unit >= TimeUnit::as) next(1'000'000, time.attosecond);
  return value;
}

}  // namespace

CalendarTime calendar_time(std::int64_t value, TimeStep step) {
  CalendarTime time;
  value = wrapping_multiply(value, step.count);
  switch (step.unit) {
    case TimeUnit::year:
      time.year = wrapping_add(1970, value);
      break;
    case TimeUnit::month:
      time.year = 1970 + take(value, 12);
      time.month = static_cast<int>(value) + 1;
      break;
    case TimeUnit::week:
      set_date(time, wrapping_multiply(value, 7));
      break;
    case TimeUnit::day:
      set_date(time, value);
      break;
    case TimeUnit::hour:
      set_date(time, take(value, 24));
      time.hour = static_cast<int>(value);
      break;
    case TimeUnit::minute:
      set_date(time, take(value, 24 * 60));
      time.hour = static_cast<int>(take(value, 60));
      time.minute = static_cast<int>(value);
      break;
    default: {
      const std::int64_t in_second = per_second(step.unit);
      std::int64_t seconds = take(value, in_second);
      set_date(time, take(seconds, kSecondsInDay));
      time.hour = static_cast<int>(take(seconds, 60 * 60));
      time.minute = static_cast<int>(take(seconds, 60));
      time.second = static_cast<int>(seconds);
      set_fraction(time, value, in_second);
    }
  }
  return time;
}

std::int64_t time_value(const CalendarTime& time, TimeStep step) {
  const std::int64_t value = units_of(time, step.unit);
  if (value >= 0) return value / step.count;
  return wrapping_add(value, 1 - step.count) / step.count;
}

}  // namespace ndcat
