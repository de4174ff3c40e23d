// String literals of Python: the inside of quotes to text, and text to what repr() prints.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "core/result.h"
#include "manifests/python/python_literal.h"

namespace ndcat {

/// A string literal without its prefix that was read from a longer text.
struct PythonString {
  std::string value;       // UTF-8 for str, as it is for bytes
  std::size_t length = 0;  // bytes of the literal, quotes included
};

/// Reads the literal whose opening quote is text[at]. `is_bytes`: of b'...', in which \u, \U and \N are no
/// escapes. Error: with the byte of the text that is wrong. Precondition: text[at] is ' or ".
Result<PythonString> read_python_string(std::string_view text, std::size_t at, TextEncoding encoding,
                                        bool is_bytes);

/// repr() of a str, as Python 3.11 prints it: the kind of quotes, the escapes, and what counts as printable
/// (Unicode 14.0). Precondition: valid UTF-8.
[[nodiscard]] std::string python_string_repr(std::string_view text);

}  // namespace ndcat
