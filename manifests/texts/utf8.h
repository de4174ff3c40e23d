// UTF-8, one code point at a time. Pure functions, thread-safe.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace ndcat {

struct CodePoint {
  char32_t value = 0;
  std::size_t length = 0;  // bytes
};

/// The code point that begins at `text[at]`, or nothing when those bytes are not UTF-8 (overlong forms,
/// surrogates, values above U+10FFFF and cut-off sequences are not). Precondition: at < text.size().
[[nodiscard]] std::optional<CodePoint> decode_utf8(std::string_view text, std::size_t at);

/// Appends one code point. Surrogates, which Python strings may hold, are written as WTF-8 does it: 3 bytes.
/// Precondition: code_point <= 0x10FFFF.
void append_utf8(std::string& text, char32_t code_point);

/// Where the first byte stands that is not UTF-8, or nothing.
[[nodiscard]] std::optional<std::size_t> find_invalid_utf8(std::string_view text);

/// The number of code points. Precondition: valid UTF-8.
[[nodiscard]] std::size_t count_code_points(std::string_view text);

/// `text` between double quotes for a message: control characters and invalid bytes escaped, cut after 60
/// code points.
[[nodiscard]] std::string in_quotes(std::string_view text);

}  // namespace ndcat
