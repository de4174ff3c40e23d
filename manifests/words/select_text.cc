#include "manifests/words/select_text.h"

#include <array>
#include <limits>
#include <string>
#include <utility>

#include "manifests/texts/utf8.h"

namespace ndcat {
namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_word(char c) { return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; }

/// An integer as it was written; what does not fit an Index is the nearest one that does.
struct Integer {
  Index value = 0;
  bool fits = true;
};

/// A recursive-descent parser without recursion: items, each of up to three parts between colons.
class SelectParser {
 public:
  explicit SelectParser(std::string_view text) : text_(text) {}

  /// Goes on behind the next comma when an item is wrong.
  std::optional<Selection> parse(std::vector<Error>& errors) {
    Selection selection;
    skip_space();
    if (at_end())
      errors.push_back(fail("nothing is selected; expected an index, a slice, \"...\" or \"newaxis\""));
    while (!at_end()) {
      Result<SelectItem> item = parse_item();
      if (item) skip_space();
      if (item && !at_end() && peek() != ',') item = unexpected("\",\" or the end");
      if (item) {
        selection.push_back(*std::move(item));
      } else {
        errors.push_back(item.error());
        skip_item();
      }
      take(",");
      skip_space();
    }
    if (!errors.empty()) return std::nullopt;
    return selection;
  }

 private:
  [[nodiscard]] bool at_end() const { return at_ == text_.size(); }
  [[nodiscard]] char peek() const { return at_end() ? '\0' : text_[at_]; }

  /// To the next comma that is not in brackets.
  void skip_item() {
    int brackets = 0;
    for (; !at_end() && (peek() != ',' || brackets > 0); ++at_) {
      if (peek() == '[' || peek() == '(') ++brackets;
      if (peek() == ']' || peek() == ')') --brackets;
    }
  }

  void skip_space() {
    while (!at_end() && std::string_view(" \t\n\r\f").find(text_[at_]) != std::string_view::npos) ++at_;
  }
  bool take(std::string_view token) {
    if (!text_.substr(at_).starts_with(token)) return false;
    at_ += token.size();
    return true;
  }
  std::string_view word() const {
    std::size_t end = at_;
    while (end < text_.size() && is_word(text_[end])) ++end;
    return text_.substr(at_, end - at_);
  }
  /// None under one of its three names.
  bool take_none() {
    for (const std::string_view name : {"None", "newaxis", "np.newaxis", "numpy.newaxis"}) {
      const std::string_view rest = text_.substr(at_);
      if (rest.starts_with(name) && (rest.size() == name.size() || !is_word(rest[name.size()]))) {
        at_ += name.size();
        return true;
      }
    }
    return false;
  }

  Result<SelectItem> parse_item() {
    if (take("...")) return SelectItem(Ellipsis{});
    const std::size_t begin = at_;
    if (take_none()) {
      skip_space();
      if (peek() != ':') return SelectItem(NewAxis{});
      return parse_slice(std::nullopt);
    }
    std::optional<Index> start;
    if (peek() != ':') {
      const Result<Integer> integer = parse_integer("an index, a slice, \"...\" or \"newaxis\"");
      if (!integer) return integer.error();
      skip_space();
      if (peek() != ':') {
        if (integer->fits) return SelectItem(integer->value);
        const std::size_t length = at_ - begin;
        at_ = begin;
        return fail("the index " + in_quotes(text_.substr(begin, length)) +
                    " is out of bounds for every array");
      }
      start = integer->value;
    }
    return parse_slice(start);
  }

  /// What follows the first part of a slice. Precondition: a ':' is next.
  Result<SelectItem> parse_slice(std::optional<Index> start) {
    Slice slice{start, std::nullopt, std::nullopt};
    for (std::optional<Index>* part : {&slice.stop, &slice.step}) {
      if (!take(":")) break;
      skip_space();
      if (at_end() || peek() == ':' || peek() == ',' || take_none()) {
        skip_space();
        continue;
      }
      const std::size_t begin = at_;
      const Result<Integer> integer = parse_integer("an integer, \":\" or \",\"");
      if (!integer) return integer.error();
      if (part == &slice.step && integer->value == 0) {
        at_ = begin;
        return fail("the step of a slice cannot be 0");
      }
      *part = integer->value;
      skip_space();
    }
    return SelectItem(slice);
  }

  Result<Integer> parse_integer(const char* expected) {
    const bool negative = peek() == '-';
    const std::size_t begin = at_;
    if (negative || peek() == '+') {
      ++at_;
      skip_space();
    }
    if (!is_digit(peek())) {
      at_ = begin;
      return unexpected(expected);
    }
    const std::string_view digits = word();
    Integer result;
    for (std::size_t i = 0; i < digits.size(); ++i) {
      const bool separator = digits[i] == '_' && i + 1 < digits.size() && is_digit(digits[i + 1]);
      if (separator) continue;
      if (!is_digit(digits[i]))
        return fail("found " + in_quotes(digits) + " where a decimal integer was expected");
      add_digit(result, digits[i] - '0', negative);
    }
    if (digits.front() == '0' && digits.find_first_not_of("0_") != std::string_view::npos) {
      return fail("the integer " + in_quotes(digits) + " has a leading zero, which Python does not allow");
    }
    at_ += digits.size();
    return result;
  }

  /// Python limits the parts of a slice to the range of an Index too.
  static void add_digit(Integer& integer, Index digit, bool negative) {
    const std::optional<Index> tens = checked_multiply(integer.value, 10);
    const std::optional<Index> sum = tens ? checked_add(*tens, negative ? -digit : digit) : std::nullopt;
    if (!sum || !integer.fits) {
      integer = {negative ? std::numeric_limits<Index>::min() : kMaxIndex, false};
    } else {
      integer.value = *sum;
    }
  }

  Error fail(const std::string& what) const {
    const std::string_view before = text_.substr(0, at_);
    return {"the selection " + in_quotes(text_) + ", character " +
            std::to_string(count_code_points(before) + 1) + ": " + what};
  }
  Error unexpected(const std::string& expected) const {
    std::string_view found = word();
    if (found.empty()) found = text_.substr(at_, decode_utf8(text_, at_).value_or(CodePoint{0, 1}).length);
    return fail("found " + in_quotes(found) + " where " + expected + " was expected" + hint(found));
  }
  static std::string hint(std::string_view found) {
    if (found == "[" || found == "]")
      return " (it is written without brackets; lists of indices are not supported)";
    if (found == "True" || found == "False") return " (masks are not supported)";
    if (found == ".") return " (only integers; an ellipsis has three dots)";
    return "";
  }

  std::string_view text_;
  std::size_t at_ = 0;
};

}  // namespace

std::optional<Selection> parse_selection(std::string_view text, std::vector<Error>& errors) {
  return SelectParser(text).parse(errors);
}

Result<Selection> parse_selection(std::string_view text) {
  std::vector<Error> errors;
  std::optional<Selection> selection = parse_selection(text, errors);
  if (!selection) return errors.front();
  return *std::move(selection);
}

}  // namespace ndcat
