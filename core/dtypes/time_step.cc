#include "core/dtypes/time_step.h"

#include <numeric>

namespace ndcat {
namespace {

constexpr std::uint64_t kDaysIn400Years = 97 + 400 * 365;

// How many of the next finer unit make up one; years and months have none, and NumPy takes 1 for them.
constexpr std::uint64_t kNextFiner[] = {1, 1, 7, 24, 60, 60, 1000, 1000, 1000, 1000, 1000, 1000, 1, 0};

// How many `fine` make one `coarse`; 0 beyond 2^56, where NumPy stops.
std::uint64_t units_in(TimeUnit coarse, TimeUnit fine) {
  std::uint64_t factor = 1;
  for (auto unit = static_cast<std::size_t>(coarse); unit < static_cast<std::size_t>(fine); ++unit) {
    factor *= kNextFiner[unit];
    if (factor >> 56 != 0) return 0;
  }
  return factor;
}

// From a coarser unit to a finer one, not reduced. num == 0: overflow.
struct Ratio {
  std::uint64_t num = 1, denom = 1;
};

Ratio ratio_to_finer(TimeUnit coarse, TimeUnit fine) {
  if (coarse == fine) return {};
  if (!is_calendar(coarse)) return {units_in(coarse, fine), 1};
  if (fine == TimeUnit::month) return {12, 1};
  const std::uint64_t per_400_years = coarse == TimeUnit::year ? 400 : 400 * 12;
  if (fine == TimeUnit::week) return {kDaysIn400Years, per_400_years * 7};
  return {kDaysIn400Years * units_in(TimeUnit::day, fine), per_400_years};
}

std::string step_text(TimeStep step) {
  const std::string typestr = Dtype::time(Kind::timedelta, step).typestr();
  return typestr.substr(typestr.find('['));
}

}  // namespace

std::optional<TimeFactor> time_factor(TimeStep from, TimeStep to) {
  if (from.unit == TimeUnit::generic) return TimeFactor{};
  if (to.unit == TimeUnit::generic) return std::nullopt;
  const bool to_finer = from.unit <= to.unit;
  Ratio ratio = to_finer ? ratio_to_finer(from.unit, to.unit) : ratio_to_finer(to.unit, from.unit);
  if (ratio.num == 0) return std::nullopt;
  if (!to_finer) std::swap(ratio.num, ratio.denom);
  ratio.num *= static_cast<std::uint64_t>(from.count);  // wraps as NumPy's does
  ratio.denom *= static_cast<std::uint64_t>(to.count);
  const std::uint64_t divisor = std::gcd(ratio.num, ratio.denom);
  if (divisor == 0) return std::nullopt;
  return TimeFactor{static_cast<std::int64_t>(ratio.num / divisor),
                    static_cast<std::int64_t>(ratio.denom / divisor)};
}

Result<TimeStep> common_step(TimeStep a, bool strict_a, TimeStep b, bool strict_b) {
  if (a.unit == TimeUnit::generic) return b;
  if (b.unit == TimeUnit::generic) return a;
  const auto cannot_mix = [](TimeStep calendar, bool strict, TimeStep other) {
    return strict && is_calendar(calendar.unit) && !is_calendar(other.unit);
  };
  if (cannot_mix(a, strict_a, b) || cannot_mix(b, strict_b, a)) {
    return Error{"years and months are no fixed number of finer units: " + step_text(a) + " and " +
                 step_text(b)};
  }
  const TimeUnit finer = std::max(a.unit, b.unit);
  const auto in_finer = [finer](TimeStep step) {  // wraps as NumPy's does
    const std::uint64_t months = step.unit == TimeUnit::year && finer == TimeUnit::month ? 12 : 1;
    return static_cast<std::uint64_t>(step.count) * months * units_in(step.unit, finer);
  };
  const std::uint64_t in_a = in_finer(a), in_b = in_finer(b);
  const std::uint64_t count = std::gcd(in_a, in_b);
  if (in_a == 0 || in_b == 0 || count > 0x7FFFFFFF) {
    return Error{"the common unit of " + step_text(a) + " and " + step_text(b) + " does not fit 64 bits"};
  }
  return TimeStep{finer, static_cast<std::int32_t>(count)};
}

}  // namespace ndcat
