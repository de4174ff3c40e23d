#include "manifests/words/brace.h"

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <optional>
#include <utility>

#include "core/index.h"

namespace ndcat {
namespace {

constexpr std::size_t kLongestPattern = std::size_t{16} << 20U;
constexpr std::size_t kMostText = std::size_t{256} << 20U;
constexpr int kDeepest = 100;

/// A "{" and the "}" that closes it.
struct Group {
  std::size_t open, close;
  bool has_comma;  // at its own level
};

/// All matched braces by their opening; one pass, so that a long row of braces costs no more than its length.
std::vector<Group> find_groups(std::string_view text) {
  std::vector<Group> open, closed;
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (text[at] == '\\') {
      ++at;
    } else if (text[at] == '{') {
      open.push_back({at, at, false});
    } else if (text[at] == ',' && !open.empty()) {
      open.back().has_comma = true;
    } else if (text[at] == '}' && !open.empty()) {
      open.back().close = at;
      closed.push_back(open.back());
      open.pop_back();
    }
  }
  std::sort(closed.begin(), closed.end(), [](const Group& a, const Group& b) { return a.open < b.open; });
  return closed;
}

/// {first..last..step}; `width` digits at least when zeros stand in front, `letters` for {a..e}.
struct Range {
  Index first = 0, last = 0, step = 1;
  std::size_t width = 0;
  bool letters = false;

  [[nodiscard]] std::uint64_t count() const {
    const auto low = static_cast<std::uint64_t>(std::min(first, last));
    const auto high = static_cast<std::uint64_t>(std::max(first, last));
    return (high - low) / static_cast<std::uint64_t>(step) +
           1;  // as unsigned, the difference never overflows
  }
};

std::optional<Index> parse_integer(std::string_view text) {
  if (text.starts_with('+')) text.remove_prefix(1);
  Index value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (text.empty() || error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

bool has_leading_zero(std::string_view text) {
  if (text.starts_with('-') || text.starts_with('+')) text.remove_prefix(1);
  return text.size() > 1 && text[0] == '0';
}

bool is_lower(std::string_view text) { return text.size() == 1 && text[0] >= 'a' && text[0] <= 'z'; }
bool is_upper(std::string_view text) { return text.size() == 1 && text[0] >= 'A' && text[0] <= 'Z'; }

std::optional<Range> parse_range(std::string_view text) {
  constexpr std::size_t kLongest = 3 * 24;  // three 64-bit numbers, some zeros in front, two times ".."
  if (text.size() > kLongest) return std::nullopt;
  const std::size_t dots = text.find("..");
  if (dots == std::string_view::npos) return std::nullopt;
  const std::string_view first = text.substr(0, dots);
  std::string_view last = text.substr(dots + 2);
  Range range;
  if (const std::size_t more = last.find(".."); more != std::string_view::npos) {
    const std::optional<Index> step = parse_integer(last.substr(more + 2));
    if (!step || *step == -kMaxIndex - 1) return std::nullopt;
    range.step = *step == 0 ? 1 : std::max(*step, -*step);  // bash goes towards `last` whatever the sign
    last = last.substr(0, more);
  }
  if ((is_lower(first) && is_lower(last)) || (is_upper(first) && is_upper(last))) {
    range.letters = true;
    range.first = first[0];
    range.last = last[0];
    return range;
  }
  const std::optional<Index> begin = parse_integer(first), end = parse_integer(last);
  if (!begin || !end) return std::nullopt;
  range.first = *begin;
  range.last = *end;
  if (has_leading_zero(first) || has_leading_zero(last)) range.width = std::max(first.size(), last.size());
  return range;
}

std::string range_item(const Range& range, std::uint64_t position) {
  const std::uint64_t distance = position * static_cast<std::uint64_t>(range.step);
  const auto first = static_cast<std::uint64_t>(range.first);
  const auto value = static_cast<Index>(range.first <= range.last ? first + distance : first - distance);
  if (range.letters) return {static_cast<char>(value)};
  std::string digits = std::to_string(value);
  const std::size_t sign = value < 0 ? 1 : 0;
  if (digits.size() < range.width) digits.insert(sign, range.width - digits.size(), '0');
  return digits;
}

class Expander {
 public:
  explicit Expander(std::string_view text) : text_(text), groups_(find_groups(text)) {}

  bool expands_anything() {
    return std::any_of(groups_.begin(), groups_.end(),
                       [this](const Group& group) { return group.has_comma || parse_range(inside(group)); });
  }

  /// The names that text_[begin, end) stands for.
  Result<std::vector<std::string>> expand(std::size_t begin, std::size_t end, int depth) {
    if (depth > kDeepest)
      return Error{"braces are nested deeper than " + std::to_string(kDeepest) + " levels"};
    std::vector<std::string> names{""};
    std::size_t literal = begin;
    for (auto group = first_group(begin); group != groups_.end() && group->close < end;
         group = first_group(literal)) {
      // Braces that expand to nothing else stay in the literal text, and what they hold is looked at in turn.
      while (group != groups_.end() && group->close < end && !group->has_comma &&
             !parse_range(inside(*group)))
        ++group;
      if (group == groups_.end() || group->close >= end) break;
      Result<std::vector<std::string>> items = group_items(*group, depth);
      if (!items) return items;
      if (std::optional<Error> error = multiply(names, text_.substr(literal, group->open - literal), *items))
        return *error;
      literal = group->close + 1;
    }
    if (std::optional<Error> error = multiply(names, text_.substr(literal, end - literal), {""}))
      return *error;
    return names;
  }

 private:
  using Names = std::vector<std::string>;

  std::string_view inside(const Group& group) const {
    return text_.substr(group.open + 1, group.close - group.open - 1);
  }
  std::vector<Group>::const_iterator first_group(std::size_t from) const {
    return std::lower_bound(groups_.begin(), groups_.end(), from,
                            [](const Group& group, std::size_t at) { return group.open < at; });
  }

  static Error too_many() {
    return {"its braces stand for more than " + std::to_string(kMaxExpandedNames) +
            " names; split the list over several manifests, or use * instead"};
  }

  Result<Names> group_items(const Group& group, int depth) {
    Names items;
    if (!group.has_comma) {
      const std::optional<Range> range = parse_range(inside(group));
      if (range->count() > kMaxExpandedNames || range->count() == 0) return too_many();
      for (std::uint64_t i = 0; i < range->count(); ++i) items.push_back(range_item(*range, i));
      return items;
    }
    std::size_t begin = group.open + 1;
    for (std::size_t at = begin; at <= group.close; ++at) {
      if (text_[at] == '\\') {
        ++at;
      } else if (at < group.close && text_[at] == '{') {
        const auto inner = first_group(at);
        if (inner != groups_.end() && inner->open == at) at = inner->close;
      } else if (at == group.close || text_[at] == ',') {
        Result<Names> item = expand(begin, at, depth + 1);
        if (!item) return item;
        if (items.size() + item->size() > kMaxExpandedNames) return too_many();
        std::move(item->begin(), item->end(), std::back_inserter(items));
        begin = at + 1;
      }
    }
    return items;
  }

  /// names = every one of `names`, followed by `literal`, followed by every one of `items`.
  static std::optional<Error> multiply(Names& names, std::string_view literal, const Names& items) {
    if (names.size() * items.size() > kMaxExpandedNames) return too_many();
    const auto text_size = [](const Names& list) {
      std::size_t total = 0;
      for (const std::string& name : list) total += name.size();
      return total;
    };
    const std::size_t total = text_size(names) * items.size() + text_size(items) * names.size() +
                              literal.size() * names.size() * items.size();
    if (total > kMostText) return Error{"its braces stand for more than 256 MiB of names"};
    Names result;
    result.reserve(names.size() * items.size());
    for (const std::string& name : names) {
      for (const std::string& item : items) {
        std::string& made = result.emplace_back();
        made.reserve(name.size() + literal.size() + item.size());
        made.append(name).append(literal).append(item);
      }
    }
    names = std::move(result);
    return std::nullopt;
  }

  std::string_view text_;
  std::vector<Group> groups_;
};

}  // namespace

Result<std::vector<std::string>> expand_braces(std::string_view pattern) {
  if (pattern.size() > kLongestPattern) return Error{"the pattern is longer than 16 MiB"};
  return Expander(pattern).expand(0, pattern.size(), 0);
}

bool has_braces(std::string_view pattern) {
  return pattern.size() <= kLongestPattern && Expander(pattern).expands_anything();
}

}  // namespace ndcat
