#include "manifests/python/python_literal.h"

#include <algorithm>
#include <utility>

#include "manifests/python/python_string.h"
#include "manifests/texts/utf8.h"

namespace ndcat {
namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; }
bool is_quote(char c) { return c == '\'' || c == '"'; }

/// A recursive-descent parser: one function per rule of the grammar.
class LiteralParser {
 public:
  LiteralParser(std::string_view text, TextEncoding encoding) : text_(text), encoding_(encoding) {}

  Result<PythonLiteral> parse() {
    Result<PythonLiteral> literal = parse_value();
    if (!literal) return literal;
    skip_space();
    if (!at_end()) return unexpected("the end");
    return literal;
  }

 private:
  [[nodiscard]] bool at_end() const { return at_ == text_.size(); }
  [[nodiscard]] char peek() const { return at_end() ? '\0' : text_[at_]; }
  void skip_space() {
    while (!at_end() && std::string_view(" \t\n\r\f").find(text_[at_]) != std::string_view::npos) ++at_;
  }
  bool take(char c) {
    skip_space();
    if (at_end() || text_[at_] != c) return false;
    ++at_;
    return true;
  }
  [[nodiscard]] std::string_view word() const {
    std::size_t end = at_;
    while (end < text_.size() && (is_letter(text_[end]) || is_digit(text_[end]))) ++end;
    return text_.substr(at_, end - at_);
  }

  Result<PythonLiteral> parse_value() {
    skip_space();
    if (at_end()) return unexpected("a value");
    const char c = peek();
    if (is_quote(c)) return parse_string(false);
    if (is_digit(c) || c == '-' || c == '+') return parse_integer();
    if (is_letter(c)) return parse_word();
    if (c != '(' && c != '[' && c != '{') return unexpected("a value");
    if (depth_ == kMaxPythonDepth) {
      return fail(at_, "brackets are nested more than " + std::to_string(kMaxPythonDepth) + " levels deep");
    }
    ++depth_;
    Result<PythonLiteral> literal = c == '(' ? parse_tuple() : c == '[' ? parse_list() : parse_dict();
    --depth_;
    return literal;
  }

  /// True, False, None, or the prefix of a string.
  Result<PythonLiteral> parse_word() {
    const std::size_t begin = at_;
    const std::string_view name = word();
    const char next = at_ + name.size() < text_.size() ? text_[at_ + name.size()] : '\0';
    if (is_quote(next) && name.size() == 1 &&
        std::string_view("uUbB").find(name[0]) != std::string_view::npos) {
      ++at_;
      Result<PythonLiteral> literal = parse_string(name == "b" || name == "B");
      if (literal) literal->at = begin;
      return literal;
    }
    at_ += name.size();
    if (name == "True" || name == "False") return PythonLiteral{name == "True", begin};
    if (name == "None") return PythonLiteral{PythonNone{}, begin};
    at_ = begin;
    if (is_quote(next))
      return fail(begin, "strings with the prefix " + in_quotes(name) + " are not supported");
    return fail(begin,
                "found the name " + in_quotes(name) + "; only literals are read, nothing is evaluated");
  }

  Result<PythonLiteral> parse_string(bool is_bytes) {
    const std::size_t begin = at_;
    Result<PythonString> string = read_python_string(text_, at_, encoding_, is_bytes);
    if (!string) return string.error();
    at_ += string->length;
    if (is_bytes) return PythonLiteral{PythonBytes{std::move(string->value)}, begin};
    return PythonLiteral{std::move(string->value), begin};
  }

  Result<PythonLiteral> parse_integer() {
    const std::size_t begin = at_;
    const bool negative = peek() == '-';
    if (!is_digit(peek())) {
      ++at_;
      skip_space();
    }
    const std::size_t digits_begin = at_;
    std::optional<Index> value = 0;
    for (; is_digit(peek()); ++at_) {
      const Index digit = peek() - '0';
      const std::optional<Index> tens = value ? checked_multiply(*value, 10) : std::nullopt;
      value = tens ? checked_add(*tens, negative ? -digit : digit) : std::nullopt;
    }
    const std::string_view digits = text_.substr(digits_begin, at_ - digits_begin);
    if (digits.empty()) return unexpected("a digit");
    if (digits.front() == '0' && digits.find_first_not_of('0') != std::string_view::npos) {
      return fail(digits_begin, "the int " + in_quotes(digits) + " has a leading zero");
    }
    if (peek() == 'L' || peek() == 'l') ++at_;  // Python 2
    if (is_letter(peek()) || is_digit(peek()) || peek() == '.') {
      return fail(begin, "found a number that is not a decimal int");
    }
    return PythonLiteral{PythonInteger{value}, begin};
  }

  /// The values up to `close`, each followed by a comma or by `close`.
  Result<std::vector<PythonLiteral>> parse_items(char close, bool& comma_last) {
    std::vector<PythonLiteral> items;
    comma_last = false;
    while (!take(close)) {
      if (!items.empty() && !comma_last) return unexpected(std::string("\",\" or \"") + close + "\"");
      Result<PythonLiteral> item = parse_value();
      if (!item) return item.error();
      items.push_back(*std::move(item));
      comma_last = take(',');
    }
    return items;
  }

  Result<PythonLiteral> parse_tuple() {
    const std::size_t begin = at_++;
    bool comma_last = false;
    Result<std::vector<PythonLiteral>> items = parse_items(')', comma_last);
    if (!items) return items.error();
    // Brackets around a single value without a comma are only brackets.
    if (items->size() == 1 && !comma_last) return std::move(items->front());
    return PythonLiteral{PythonTuple{*std::move(items)}, begin};
  }

  Result<PythonLiteral> parse_list() {
    const std::size_t begin = at_++;
    bool comma_last = false;
    Result<std::vector<PythonLiteral>> items = parse_items(']', comma_last);
    if (!items) return items.error();
    return PythonLiteral{PythonList{*std::move(items)}, begin};
  }

  Result<PythonLiteral> parse_dict() {
    const std::size_t begin = at_++;
    PythonDict dict;
    bool comma_last = true;
    while (!take('}')) {
      if (!comma_last) return unexpected("\",\" or \"}\"");
      Result<PythonLiteral> key = parse_value();
      if (!key) return key;
      if (!take(':')) return unexpected("\":\"");
      Result<PythonLiteral> value = parse_value();
      if (!value) return value;
      dict.keys.push_back(*std::move(key));
      dict.values.push_back(*std::move(value));
      comma_last = take(',');
    }
    return PythonLiteral{std::move(dict), begin};
  }

  static Error fail(std::size_t at, const std::string& what) {
    return {"at byte " + std::to_string(at) + ": " + what};
  }

  Error unexpected(const std::string& expected) {
    skip_space();
    if (at_end()) return fail(at_, "the text ends where " + expected + " was expected");
    std::string_view found = word();
    if (found.empty()) found = text_.substr(at_, decode_utf8(text_, at_).value_or(CodePoint{0, 1}).length);
    const bool expression = std::string_view("(+-*/%@.&|^~<>=").find(found.front()) != std::string_view::npos;
    return fail(at_, "found " + in_quotes(found) + " where " + expected + " was expected" +
                         (expression ? "; only literals are read, nothing is evaluated" : ""));
  }

  std::string_view text_;
  TextEncoding encoding_;
  std::size_t at_ = 0;
  int depth_ = 0;
};

}  // namespace

const char* PythonLiteral::type_name() const {
  static constexpr const char* kNames[] = {"None",           "a bool",  "an int", "a str",
                                           "a bytes object", "a tuple", "a list", "a dict"};
  return kNames[value.index()];
}

Result<PythonLiteral> parse_python_literal(std::string_view text, TextEncoding encoding) {
  return LiteralParser(text, encoding).parse();
}

}  // namespace ndcat
