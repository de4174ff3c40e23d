// Python literals, as NumPy and Python 2 wrote them into headers: parsed, never evaluated.
//
// A tree of values that know where in the text they begin. Value types; parsing is a pure function.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "core/index.h"
#include "core/result.h"

namespace ndcat {

struct PythonLiteral;

struct PythonNone {};
/// Python's integers have any length; nothing is one that does not fit an Index.
struct PythonInteger {
  std::optional<Index> value;
};
struct PythonBytes {
  std::string bytes;
};
struct PythonTuple {
  std::vector<PythonLiteral> items;
};
struct PythonList {
  std::vector<PythonLiteral> items;
};
struct PythonDict {
  std::vector<PythonLiteral> keys;    // in the order of the text, duplicates kept
  std::vector<PythonLiteral> values;  // values[i] belongs to keys[i]
};

struct PythonLiteral {
  /// A str is UTF-8; surrogates, which only escapes can write, take three bytes each.
  std::variant<PythonNone, bool, PythonInteger, std::string, PythonBytes, PythonTuple, PythonList, PythonDict>
      value;
  std::size_t at = 0;  // byte of the text where it begins

  /// For messages: "None", "a bool", "an int", "a str", "a bytes object", "a tuple", "a list", "a dict".
  [[nodiscard]] const char* type_name() const;
};

enum class TextEncoding { latin1, utf8 };

/// Brackets may be nested this deep: the limit of Python's own parser.
inline constexpr int kMaxPythonDepth = 200;

/// Parses a whole text: one literal, white space around it. Understood are dicts, tuples, lists, str (also
/// u'...'), bytes (b'...'), decimal ints (also Python 2's 10L), True, False and None. Error: what was found
/// at which byte; operators, names, calls and everything else that would have to be evaluated are refused.
/// Memory is bounded by a fixed multiple of the text.
Result<PythonLiteral> parse_python_literal(std::string_view text, TextEncoding encoding);

}  // namespace ndcat
