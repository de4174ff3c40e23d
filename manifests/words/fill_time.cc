#include "manifests/words/fill_time.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <optional>
#include <string>

#include "manifests/texts/utf8.h"

namespace ndcat {
namespace {

__extension__ using Wide = __int128;

constexpr std::int64_t kAttosecondsPerSecond = 1'000'000'000'000'000'000;

struct Moment {
  std::int64_t year = 1970, month = 1, day = 1;
  std::int64_t second = 0;      // of the day
  std::int64_t attosecond = 0;  // of the second
};

bool is_leap(std::int64_t year) { return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0); }

std::int64_t days_in_month(std::int64_t year, std::int64_t month) {
  constexpr std::array<std::int64_t, 12> kDays{31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  return month == 2 && is_leap(year) ? 29 : kDays[static_cast<std::size_t>(month - 1)];
}

/// Days since 1970-01-01 in the Gregorian calendar, carried on backwards as NumPy does.
std::int64_t days_since_epoch(const Moment& moment) {
  // Years that begin in March put the leap day last.
  const std::int64_t year = moment.year - (moment.month <= 2 ? 1 : 0);
  const std::int64_t era = (year >= 0 ? year : year - 399) / 400;
  const std::int64_t year_of_era = year - era * 400;
  const std::int64_t month = (moment.month + 9) % 12;
  const std::int64_t day_of_year = (153 * month + 2) / 5 + moment.day - 1;
  return era * 146'097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year - 719'468;
}

class Scanner {
 public:
  explicit Scanner(std::string_view text) : rest_(text) {}

  [[nodiscard]] bool at_end() const { return rest_.empty(); }
  bool take(char c) {
    if (!rest_.starts_with(c)) return false;
    rest_.remove_prefix(1);
    return true;
  }
  /// Between `least` and `most` digits, as a number.
  std::optional<std::int64_t> digits(std::size_t least, std::size_t most) {
    std::size_t count = 0;
    std::int64_t value = 0;
    while (count < rest_.size() && count < most && rest_[count] >= '0' && rest_[count] <= '9') {
      value = value * 10 + (rest_[count++] - '0');
    }
    if (count < least) return std::nullopt;
    rest_.remove_prefix(count);
    last_count_ = count;
    return value;
  }
  [[nodiscard]] std::size_t last_count() const { return last_count_; }

 private:
  std::string_view rest_;
  std::size_t last_count_ = 0;
};

/// `digits` digits below `limit`, at least `least`; into `result`.
bool take_part(Scanner& scanner, std::int64_t least, std::int64_t limit, std::int64_t& result) {
  const std::optional<std::int64_t> part = scanner.digits(2, 2);
  if (!part || *part < least || *part >= limit) return false;
  result = *part;
  return true;
}

bool take_time(Scanner& scanner, Moment& moment) {
  std::int64_t hour = 0, minute = 0, second = 0;
  if (!take_part(scanner, 0, 24, hour)) return false;
  if (scanner.take(':')) {
    if (!take_part(scanner, 0, 60, minute)) return false;
    if (scanner.take(':')) {
      if (!take_part(scanner, 0, 60, second)) return false;
      if (scanner.take('.')) {
        const std::optional<std::int64_t> fraction = scanner.digits(1, 18);
        if (!fraction) return false;
        moment.attosecond = *fraction;
        for (std::size_t i = scanner.last_count(); i < 18; ++i) moment.attosecond *= 10;
      }
    }
  }
  moment.second = (hour * 60 + minute) * 60 + second;
  return true;
}

std::optional<Moment> scan(std::string_view text) {
  Scanner scanner(text);
  Moment moment;
  const bool negative = scanner.take('-');
  const bool is_signed = negative || scanner.take('+');
  // Twelve digits keep all arithmetic below within 128 bits; NumPy reads "20200101" as a year, which nobody
  // means.
  const std::optional<std::int64_t> year = is_signed ? scanner.digits(4, 12) : scanner.digits(4, 4);
  if (!year) return std::nullopt;
  moment.year = negative ? -*year : *year;
  if (scanner.at_end()) return moment;
  if (!scanner.take('-') || !take_part(scanner, 1, 13, moment.month)) return std::nullopt;
  if (scanner.at_end()) return moment;
  const std::int64_t days = days_in_month(moment.year, moment.month);
  if (!scanner.take('-') || !take_part(scanner, 1, days + 1, moment.day)) return std::nullopt;
  if (scanner.at_end()) return moment;
  if (!scanner.take('T') && !scanner.take(' ')) return std::nullopt;
  if (!take_time(scanner, moment)) return std::nullopt;
  scanner.take('Z');
  if (!scanner.at_end()) return std::nullopt;
  return moment;
}

/// The moment in whole units, or nothing when it is finer than the unit.
std::optional<Wide> in_units(const Moment& moment, TimeUnit unit) {
  const bool whole_day = moment.second == 0 && moment.attosecond == 0;
  if (unit == TimeUnit::year || unit == TimeUnit::month) {
    if (!whole_day || moment.day != 1 || (unit == TimeUnit::year && moment.month != 1)) return std::nullopt;
    return unit == TimeUnit::year ? Wide{moment.year - 1970}
                                  : Wide{moment.year - 1970} * 12 + moment.month - 1;
  }
  const std::int64_t days = days_since_epoch(moment);
  if (unit == TimeUnit::week || unit == TimeUnit::day) {
    if (!whole_day || (unit == TimeUnit::week && days % 7 != 0)) return std::nullopt;
    return unit == TimeUnit::week ? days / 7 : days;
  }
  const Wide seconds = Wide{days} * 86'400 + moment.second;
  if (unit == TimeUnit::hour || unit == TimeUnit::minute) {
    const int length = unit == TimeUnit::hour ? 3600 : 60;
    if (moment.attosecond != 0 || seconds % length != 0) return std::nullopt;
    return seconds / length;
  }
  // The units from the second on are powers of 1000 apart.
  std::int64_t per_second = 1;
  for (auto finer = TimeUnit::second; finer != unit;
       finer = static_cast<TimeUnit>(static_cast<int>(finer) + 1)) {
    per_second *= 1000;
  }
  const std::int64_t attoseconds_per_unit = kAttosecondsPerSecond / per_second;
  if (moment.attosecond % attoseconds_per_unit != 0) return std::nullopt;
  return seconds * per_second + moment.attosecond / attoseconds_per_unit;
}

}  // namespace

bool is_not_a_time(std::string_view text) {
  constexpr std::string_view kLower = "nat";
  return text.empty() || std::equal(text.begin(), text.end(), kLower.begin(), kLower.end(),
                                    [](char a, char b) { return static_cast<char>(a | 0x20) == b; });
}

Result<Index> parse_moment(std::string_view text, TimeStep step) {
  if (is_not_a_time(text)) return kNotATime;
  const std::string name = Dtype::time(Kind::datetime, step).name();
  if (step.unit == TimeUnit::generic) {
    return Error{in_quotes(text) + " needs a dtype with a unit, such as datetime64[s]; " + name +
                 " has none"};
  }
  const std::optional<Moment> moment = scan(text);
  if (!moment) {
    return Error{
        in_quotes(text) +
        " is no time; expected a text such as \"2020-07-21\", \"2020-07-21T12:30:05.25\" or \"NaT\""};
  }
  const std::optional<Wide> units = in_units(*moment, step.unit);
  if (!units || *units % step.count != 0) {
    return Error{in_quotes(text) + " is finer than the steps of " + name + "; use a dtype with a finer unit"};
  }
  const Wide value = *units / step.count;
  if (value > kMaxIndex || value <= Wide{kNotATime}) {
    return Error{in_quotes(text) + " lies beyond what " + name +
                 " can hold; use a dtype with a coarser unit"};
  }
  return static_cast<Index>(value);
}

}  // namespace ndcat
