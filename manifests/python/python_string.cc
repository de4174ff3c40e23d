#include "manifests/python/python_string.h"

#include <array>
#include <optional>
#include <utility>

#include "manifests/texts/unicode_printable.h"
#include "manifests/texts/utf8.h"

namespace ndcat {
namespace {

Error at_byte(std::size_t at, const std::string& what) {
  return {"at byte " + std::to_string(at) + ": " + what};
}

/// The one-letter escapes and what they stand for.
constexpr std::array<std::pair<char, char>, 10> kSimpleEscapes = {{{'\\', '\\'},
                                                                   {'\'', '\''},
                                                                   {'"', '"'},
                                                                   {'a', '\a'},
                                                                   {'b', '\b'},
                                                                   {'f', '\f'},
                                                                   {'n', '\n'},
                                                                   {'r', '\r'},
                                                                   {'t', '\t'},
                                                                   {'v', '\v'}}};

std::optional<unsigned> digit_value(char c, unsigned base) {
  unsigned value = base;
  if (c >= '0' && c <= '9') value = static_cast<unsigned>(c - '0');
  if (c >= 'a' && c <= 'f') value = static_cast<unsigned>(c - 'a') + 10;
  if (c >= 'A' && c <= 'F') value = static_cast<unsigned>(c - 'A') + 10;
  return value < base ? std::optional(value) : std::nullopt;
}

class StringReader {
 public:
  StringReader(std::string_view text, std::size_t at, TextEncoding encoding, bool is_bytes)
      : text_(text), begin_(at), at_(at + 1), encoding_(encoding), is_bytes_(is_bytes) {}

  Result<PythonString> read() {
    const char quote = text_[begin_];
    while (at_ < text_.size()) {
      const char c = text_[at_];
      if (c == quote) return PythonString{std::move(value_), at_ + 1 - begin_};
      if (c == '\n' || c == '\r') return at_byte(at_, "the line ends inside a string");
      if (const std::optional<Error> error = c == '\\' ? read_escape() : read_character()) return *error;
    }
    return at_byte(begin_, "the string that begins here is not closed");
  }

 private:
  void put(char32_t code_point) {
    if (is_bytes_) {
      value_ += static_cast<char>(static_cast<unsigned char>(code_point));
    } else {
      append_utf8(value_, code_point);
    }
  }

  std::optional<Error> read_character() {
    const auto byte = static_cast<unsigned char>(text_[at_]);
    if (byte < 0x80 || encoding_ == TextEncoding::latin1) {
      put(byte);
      ++at_;
      return std::nullopt;
    }
    const std::optional<CodePoint> next = decode_utf8(text_, at_);
    if (!next) return at_byte(at_, "found " + in_quotes(text_.substr(at_, 1)) + ", which is not UTF-8");
    value_.append(text_, at_, next->length);
    at_ += next->length;
    return std::nullopt;
  }

  std::optional<Error> read_escape() {
    const std::size_t backslash = at_++;
    if (at_ == text_.size()) return at_byte(begin_, "the string that begins here is not closed");
    const char kind = text_[at_];
    for (const auto& [letter, meaning] : kSimpleEscapes) {
      if (kind != letter) continue;
      ++at_;
      put(static_cast<unsigned char>(meaning));
      return std::nullopt;
    }
    if (digit_value(kind, 8)) return read_octal();
    if (kind == 'x') return read_hexadecimal(backslash, 2);
    if (kind == 'u' && !is_bytes_) return read_hexadecimal(backslash, 4);
    if (kind == 'U' && !is_bytes_) return read_hexadecimal(backslash, 8);
    if (kind == 'N' && !is_bytes_) return at_byte(backslash, "characters by name (\\N) are not supported");
    if (kind == '\n') {  // a line that goes on
      ++at_;
      return std::nullopt;
    }
    put('\\');  // Python keeps the backslash of an escape that it does not know
    return std::nullopt;
  }

  std::optional<Error> read_octal() {
    unsigned value = 0;
    for (int digits = 0; digits < 3 && at_ < text_.size() && digit_value(text_[at_], 8); ++digits) {
      value = value * 8 + *digit_value(text_[at_++], 8);
    }
    put(value);
    return std::nullopt;
  }

  std::optional<Error> read_hexadecimal(std::size_t backslash, int digits) {
    ++at_;
    char32_t value = 0;
    for (int i = 0; i < digits; ++i) {
      const std::optional<unsigned> digit = at_ < text_.size() ? digit_value(text_[at_], 16) : std::nullopt;
      if (!digit)
        return at_byte(backslash, "this escape needs " + std::to_string(digits) + " hexadecimal digits");
      value = value * 16 + *digit;
      ++at_;
    }
    if (value > 0x10FFFF) return at_byte(backslash, "this escape is above the last character of Unicode");
    put(value);
    return std::nullopt;
  }

  std::string_view text_;
  std::size_t begin_;
  std::size_t at_;
  TextEncoding encoding_;
  bool is_bytes_;
  std::string value_;
};

void append_hexadecimal(std::string& text, char32_t value, int digits) {
  for (int shift = 4 * (digits - 1); shift >= 0; shift -= 4) {
    text += "0123456789abcdef"[(value >> static_cast<unsigned>(shift)) & 15U];
  }
}

void append_escaped(std::string& text, char32_t code_point) {
  switch (code_point) {
    case '\n':
      text += "\\n";
      return;
    case '\r':
      text += "\\r";
      return;
    case '\t':
      text += "\\t";
      return;
    default:
      break;
  }
  const int digits = code_point < 0x100 ? 2 : code_point < 0x10000 ? 4 : 8;
  text += digits == 2 ? "\\x" : digits == 4 ? "\\u" : "\\U";
  append_hexadecimal(text, code_point, digits);
}

}  // namespace

Result<PythonString> read_python_string(std::string_view text, std::size_t at, TextEncoding encoding,
                                        bool is_bytes) {
  return StringReader(text, at, encoding, is_bytes).read();
}

std::string python_string_repr(std::string_view text) {
  const bool double_quotes = text.find('\'') != text.npos && text.find('"') == text.npos;
  const char quote = double_quotes ? '"' : '\'';
  std::string result(1, quote);
  for (std::size_t at = 0; at < text.size();) {
    const CodePoint next = decode_utf8(text, at).value_or(CodePoint{0xFFFD, 1});
    if (next.value == static_cast<unsigned char>(quote) || next.value == '\\') {
      result += '\\';
      result += text[at];
    } else if (is_printable(next.value)) {
      result.append(text, at, next.length);
    } else {
      append_escaped(result, next.value);
    }
    at += next.length;
  }
  return result + quote;
}

}  // namespace ndcat
