// Unit changes of datetime64 and timedelta64.
#include "core/casts/byte_swap.h"
#include "core/casts/calendar.h"
#include "core/casts/cast_program.h"
#include "core/wrapping.h"

namespace ndcat {
namespace {

std::int64_t load_time(const std::byte* from, bool swap) {
  std::uint64_t bits = 0;
  std::memcpy(&bits, from, 8);
  return static_cast<std::int64_t>(swap ? swapped(bits) : bits);
}

void store_time(std::byte* to, std::int64_t value, bool swap) {
  auto bits = static_cast<std::uint64_t>(value);
  if (swap) bits = swapped(bits);
  std::memcpy(to, &bits, 8);
}

// Rounds down, where nothing overflows.
std::int64_t scaled(std::int64_t value, TimeFactor factor) {
  const std::int64_t product = wrapping_multiply(value, factor.num);
  return (value < 0 ? wrapping_add(product, 1 - factor.denom) : product) / factor.denom;
}

bool scale_times(const Program& program, std::byte* to, Index to_stride, const std::byte* from,
                 Index from_stride, Index count) {
  for (Index i = 0; i < count; ++i) {
    const std::int64_t value = load_time(from + i * from_stride, program.swap_from);
    store_time(to + i * to_stride, value == kNat ? kNat : scaled(value, program.factor), program.swap_to);
  }
  return true;
}

// By way of the calendar, for years and months have no fixed length.
bool convert_dates(const Program& program, std::byte* to, Index to_stride, const std::byte* from,
                   Index from_stride, Index count) {
  for (Index i = 0; i < count; ++i) {
    std::int64_t value = load_time(from + i * from_stride, program.swap_from);
    if (value != kNat) {
      if (program.from_step.unit == TimeUnit::generic) return false;
      const CalendarTime time = calendar_time(value, program.from_step);
      if (time.year != kNat)
        value = time_value(time, program.to_step);
      else
        value = kNat;
    }
    store_time(to + i * to_stride, value, program.swap_to);
  }
  return true;
}

}  // namespace

Result<ProgramPtr> compile_time(const Dtype& from, const Dtype& to) {
  const auto factor = time_factor(from.time_step(), to.time_step());
  if (!factor) {
    return Error{"NumPy has no conversion from " + from.name() + " to " + to.name() +
                 (to.time_step().unit == TimeUnit::generic
                      ? ": the target has no unit"
                      : ": the factor between the units overflows 64 bits")};
  }
  Program program;
  program.from_size = program.to_size = 8;
  program.from_step = from.time_step();
  program.to_step = to.time_step();
  program.factor = *factor;
  program.swap_from = !from.is_native();
  program.swap_to = !to.is_native();
  const bool by_calendar = from.kind() == Kind::datetime &&
                           (is_calendar(program.from_step.unit) || is_calendar(program.to_step.unit));
  program.kernel = by_calendar ? convert_dates : scale_times;
  program.can_fail = by_calendar && program.from_step.unit == TimeUnit::generic;
  return std::make_shared<const Program>(std::move(program));
}

}  // namespace ndcat
