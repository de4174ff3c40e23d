// str() of datetime64 and timedelta64.
#include "core/casts/calendar.h"
#include "core/casts/number_text.h"
#include "core/wrapping.h"

namespace ndcat {

void append_timedelta(ShortText& text, std::int64_t value, TimeStep step) {
  static constexpr const char* kNames[] = {"years",        "months",
                                           "weeks",        "days",
                                           "hours",        "minutes",
                                           "seconds",      "milliseconds",
                                           "microseconds", "nanoseconds",
                                           "picoseconds",  "femtoseconds",
                                           "attoseconds",  "generic time units"};
  if (value == kNat) {
    text.append("NaT");
    return;
  }
  text.append_integer(wrapping_multiply(value, step.count));
  text.append(' ');
  text.append(kNames[static_cast<std::size_t>(step.unit)]);
}

bool append_datetime(ShortText& text, std::int64_t value, TimeStep step) {
  if (value == kNat) {
    text.append("NaT");
    return true;
  }
  if (step.unit == TimeUnit::generic) return false;
  const CalendarTime time = calendar_time(value, step);
  if (time.year == kNat) {
    text.append("NaT");
    return true;
  }
  text.append_digits(time.year, 4);
  const auto part = [&text](char separator, int number) {
    text.append(separator);
    text.append_digits(number, 2);
  };
  if (step.unit >= TimeUnit::month) part('-', time.month);
  if (step.unit >= TimeUnit::week) part('-', time.day);
  if (step.unit >= TimeUnit::hour) part('T', time.hour);
  if (step.unit >= TimeUnit::minute) part(':', time.minute);
  if (step.unit >= TimeUnit::second) part(':', time.second);
  if (step.unit >= TimeUnit::ms) text.append('.');
  const auto fraction = [&text, &step](TimeUnit thousandths, int millionths) {
    if (step.unit >= thousandths) text.append_digits(millionths / 1000, 3);
    if (step.unit > thousandths) text.append_digits(millionths % 1000, 3);
  };
  fraction(TimeUnit::ms, time.microsecond);
  fraction(TimeUnit::ns, time.picosecond);
  fraction(TimeUnit::fs, time.attosecond);
  return true;
}

}  // namespace ndcat
