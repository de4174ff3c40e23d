// JSON text to a tree whose every node knows its place. The only file of ndcat that touches nlohmann's parser
// is json_text.cc; everyone else sees these types.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "core/index.h"
#include "manifests/problem.h"

namespace ndcat {

struct JsonValue;
struct JsonMember {
  std::string key;
  int key_line = 0, key_column = 0;
  // the member's value follows; see JsonObject
};

/// A number as it was written, so that no digit is lost: 2^63, 1e400 and 1.0 stay distinguishable.
struct JsonNumber {
  std::string text;
  /// The value, when the text is an integer literal (no '.', no exponent) that fits.
  [[nodiscard]] std::optional<Index> as_index() const;
  [[nodiscard]] bool is_integer_literal() const;
};
using JsonArray = std::vector<JsonValue>;
/// Members in the order of the text. Duplicate keys have already been reported as problems; find() gives the
/// first.
struct JsonObject {
  std::vector<JsonMember> members;
  std::vector<JsonValue> values;  // values[i] belongs to members[i]
  [[nodiscard]] const JsonValue* find(std::string_view key) const;
  [[nodiscard]] JsonValue* find(std::string_view key);
};

/// A value and where its text begins (line and column count from 1, columns in UTF-8 code points).
struct JsonValue {
  std::variant<std::nullptr_t, bool, JsonNumber, std::string, JsonArray, JsonObject> value;
  int line = 0, column = 0;

  [[nodiscard]] const char* type_name()
      const;  // "null", "true or false", "a number", "a string", "a list", "an object"
};

/// Bounds on what a text may make the parser build: levels of nesting (a chain of destructors is as deep),
/// and values.
inline constexpr std::size_t kMaxJsonDepth = 1000;
inline constexpr std::size_t kMaxJsonValues = 8'000'000;

/// What parse_json() gives. No root: `problems` says why. Both: the text is JSON, but keys occur twice; the
/// tree is there so that more problems can be found in it, and is not to be served.
struct JsonText {
  std::unique_ptr<JsonValue> root;
  Problems problems;
};
/// Parses a whole text (RFC 8259: no comments, no trailing garbage, valid UTF-8; a leading byte order mark is
/// an error that says so). `file` goes into the problems, which are in the order of the text. Uses no more
/// memory than a fixed multiple of the text's length, and none beyond it for a text nested too deeply.
JsonText parse_json(std::string_view text, const std::string& file);

/// `pointer` extended by one member name (escaped as RFC 6901 asks) or list index.
[[nodiscard]] std::string pointer_to(const std::string& pointer, std::string_view key);
[[nodiscard]] std::string pointer_to(const std::string& pointer, std::size_t index);

/// `text` as a JSON string, quotes included. Bytes that are not UTF-8, which JSON cannot say, become U+FFFD.
[[nodiscard]] std::string json_string(std::string_view text);

}  // namespace ndcat
