// Datetimes and timedeltas as NumPy writes them: "M8[25s]", "m8[D/3]".
#include <algorithm>
#include <array>
#include <charconv>
#include <limits>
#include <utility>
#include <vector>

#include "manifests/texts/utf8.h"
#include "manifests/words/dtype_parts.h"

namespace ndcat {
namespace {

struct UnitName {
  std::string_view name;
  TimeUnit unit;
};
constexpr std::array<UnitName, 15> kUnits = {{{"Y", TimeUnit::year},
                                              {"M", TimeUnit::month},
                                              {"W", TimeUnit::week},
                                              {"D", TimeUnit::day},
                                              {"h", TimeUnit::hour},
                                              {"m", TimeUnit::minute},
                                              {"s", TimeUnit::second},
                                              {"ms", TimeUnit::ms},
                                              {"us", TimeUnit::us},
                                              {"\xCE\xBCs", TimeUnit::us},
                                              {"ns", TimeUnit::ns},
                                              {"ps", TimeUnit::ps},
                                              {"fs", TimeUnit::fs},
                                              {"as", TimeUnit::as},
                                              {"generic", TimeUnit::generic}}};

/// How many of a finer unit NumPy takes one of `unit` to be when it is divided; a month has 30 days then, a
/// year 365.
std::vector<std::pair<TimeUnit, Index>> finer_units(TimeUnit unit) {
  switch (unit) {
    case TimeUnit::year:
      return {{TimeUnit::month, 12}, {TimeUnit::week, 52}, {TimeUnit::day, 365}};
    case TimeUnit::month:
      return {{TimeUnit::week, 4}, {TimeUnit::day, 30}, {TimeUnit::hour, 720}};
    case TimeUnit::week:
      return {{TimeUnit::day, 7}, {TimeUnit::hour, 168}, {TimeUnit::minute, 10080}};
    case TimeUnit::day:
      return {{TimeUnit::hour, 24}, {TimeUnit::minute, 1440}, {TimeUnit::second, 86400}};
    case TimeUnit::hour:
      return {{TimeUnit::minute, 60}, {TimeUnit::second, 3600}};
    case TimeUnit::minute:
      return {{TimeUnit::second, 60}, {TimeUnit::ms, 60000}};
    default:
      break;
  }
  std::vector<std::pair<TimeUnit, Index>> finer;
  Index count = 1000;
  for (int next = static_cast<int>(unit) + 1; next <= static_cast<int>(TimeUnit::as) && finer.size() < 2;
       ++next) {
    finer.emplace_back(static_cast<TimeUnit>(next), count);
    count *= 1000;
  }
  return finer;
}

/// Cuts an integer, with blanks and a sign before it as C's strtol reads them, off the front. Nothing: there
/// is none.
std::optional<Index> take_integer(std::string_view& text) {
  std::string_view rest = text;
  while (!rest.empty() && std::string_view(" \t\n\v\f\r").find(rest.front()) != std::string_view::npos) {
    rest.remove_prefix(1);
  }
  if (rest.starts_with("+") && !rest.starts_with("+-")) rest.remove_prefix(1);
  Index value = 0;
  const auto [end, failure] = std::from_chars(rest.data(), rest.data() + rest.size(), value);
  if (failure == std::errc::invalid_argument) return std::nullopt;
  text = rest.substr(static_cast<std::size_t>(end - rest.data()));
  return failure == std::errc{} ? value : kMaxIndex;
}

/// A step divided as in "[3D/2]", which is 36 hours: in the coarsest finer unit of which one `step.unit` is a
/// multiple.
std::optional<TimeStep> divide(TimeStep step, Index divisor) {
  if (divisor == 1) return step;
  for (const auto& [unit, count] : finer_units(step.unit)) {
    if (count % divisor != 0) continue;
    const Index product = step.count * (count / divisor);
    if (product > std::numeric_limits<std::int32_t>::max()) return std::nullopt;
    return TimeStep{unit, static_cast<std::int32_t>(product)};
  }
  return std::nullopt;
}

}  // namespace

Result<Dtype> parse_time_dtype(Kind kind, std::string_view unit, std::string_view word) {
  if (unit.empty()) return Dtype::time(kind, {});
  const auto fail = [&](const std::string& what) {
    return Error{"the dtype " + in_quotes(word) + " " + what};
  };
  if (!unit.starts_with("[") || unit.find(']') != unit.size() - 1) {
    return fail("must end with its unit in square brackets, as in \"datetime64[ns]\" or \"m8[25s]\"");
  }
  std::string_view rest = unit.substr(1, unit.size() - 2);
  const std::optional<Index> count = take_integer(rest);
  if (count && (*count < 1 || *count > std::numeric_limits<std::int32_t>::max())) {
    return fail("has a step out of the range 1 to 2147483647");
  }
  const std::string_view name = rest.substr(0, rest.find('/'));
  const UnitName* known =
      std::find_if(kUnits.begin(), kUnits.end(), [&](const UnitName& u) { return u.name == name; });
  if (known == kUnits.end()) {
    return fail("has the unknown unit " + in_quotes(name) +
                "; units are Y, M, W, D, h, m, s, ms, us, ns, ps, fs, as");
  }
  TimeStep step{known->unit, static_cast<std::int32_t>(count.value_or(1))};
  rest.remove_prefix(name.size());
  if (!rest.empty()) {
    rest.remove_prefix(1);
    const std::optional<Index> divisor = take_integer(rest);
    if (!divisor || !rest.empty() || *divisor < 1)
      return fail("needs a whole number from 1 on behind its \"/\"");
    const std::optional<TimeStep> divided = divide(step, *divisor);
    if (!divided) return fail("has a step that is no whole number of a finer unit");
    step = *divided;
  }
  if (step.unit == TimeUnit::generic) step.count = 1;
  return Dtype::time(kind, step);
}

}  // namespace ndcat
