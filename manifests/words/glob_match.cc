// The matching of one name; glob.cc walks the folders.
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "manifests/texts/utf8.h"
#include "manifests/words/glob.h"

namespace ndcat {
namespace {

/// The character at `at`; bytes that are not UTF-8 become characters of their own, above all code points.
CodePoint character(std::string_view text, std::size_t at) {
  constexpr char32_t kNotUtf8 = 0x110000;
  if (const std::optional<CodePoint> decoded = decode_utf8(text, at)) return *decoded;
  return {kNotUtf8 + static_cast<unsigned char>(text[at]), 1};
}

struct SetResult {
  bool matches = false;
  std::size_t end = 0;  // after the "]"; 0: there is none, so the "[" is an ordinary character
};

/// The set that begins after the "[" at pattern[begin - 1].
SetResult match_set(std::string_view pattern, std::size_t begin, char32_t wanted) {
  std::size_t at = begin;
  const bool negated = at < pattern.size() && (pattern[at] == '!' || pattern[at] == '^');
  if (negated) ++at;
  bool found = false;
  for (bool first = true; at < pattern.size(); first = false) {
    if (pattern[at] == ']' && !first) return {found != negated, at + 1};
    const auto next = [&] {
      if (pattern[at] == '\\' && at + 1 < pattern.size()) ++at;
      const CodePoint low = character(pattern, at);
      at += low.length;
      return low.value;
    };
    const char32_t low = next();
    char32_t high = low;
    if (at + 1 < pattern.size() && pattern[at] == '-' && pattern[at + 1] != ']') {
      ++at;
      high = next();
    }
    found = found || (low <= wanted && wanted <= high);
  }
  return {};
}

/// Matches one character of the name against the pattern at `at`, which is no "*"; moves `at` on when it
/// does.
bool match_one(std::string_view pattern, std::size_t& at, const CodePoint& wanted) {
  if (pattern[at] == '?') return ++at, true;
  if (pattern[at] == '[') {
    if (const SetResult set = match_set(pattern, at + 1, wanted.value); set.end != 0) {
      if (set.matches) at = set.end;
      return set.matches;
    }
  }
  const std::size_t literal = pattern[at] == '\\' && at + 1 < pattern.size() ? at + 1 : at;
  const CodePoint expected = character(pattern, literal);
  if (expected.value != wanted.value) return false;
  at = literal + expected.length;
  return true;
}

bool asks_for_dot(std::string_view pattern) { return pattern.starts_with('.') || pattern.starts_with("\\."); }

}  // namespace

bool glob_matches(std::string_view pattern, std::string_view name) {
  if (name.starts_with('.') && !asks_for_dot(pattern)) return false;
  constexpr std::size_t kNone = std::string_view::npos;
  std::size_t p = 0, n = 0;
  std::size_t star = kNone, star_name = 0;  // where to go on when what follows the last "*" does not match
  while (n < name.size()) {
    const CodePoint wanted = character(name, n);
    if (p < pattern.size() && pattern[p] == '*') {
      star = ++p;
      star_name = n;
    } else if (p < pattern.size() && match_one(pattern, p, wanted)) {
      n += wanted.length;
    } else if (star != kNone) {
      p = star;
      star_name += character(name, star_name).length;
      n = star_name;
    } else {
      return false;
    }
  }
  while (p < pattern.size() && pattern[p] == '*') ++p;
  return p == pattern.size();
}

bool has_wildcard(std::string_view text) {
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (text[at] == '\\') {
      ++at;
    } else if (text[at] == '*' || text[at] == '?' || text[at] == '[') {
      return true;
    }
  }
  return false;
}

std::string remove_backslashes(std::string_view text) {
  std::string result;
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (text[at] == '\\' && at + 1 < text.size()) ++at;
    result += text[at];
  }
  return result;
}

}  // namespace ndcat
