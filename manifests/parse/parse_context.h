// What the functions that read a manifest's parts share: where problems go, and the checks that every part
// needs.
#pragma once

#include <array>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "manifests/json/json_mistake.h"
#include "manifests/parse/pointer_chain.h"
#include "manifests/problem_list.h"

namespace ndcat {

[[nodiscard]] inline TextPosition position(const JsonValue& value) { return {value.line, value.column}; }
[[nodiscard]] inline TextPosition position(const JsonMember& member) {
  return {member.key_line, member.key_column};
}

/// Of one manifest's text. Refers to both for as long as it lives.
struct ParseContext {
  const std::string& file;
  ProblemList& problems;

  void problem(const PointerChain& where, TextPosition at, std::string message) const {
    problems.add(file, where, at, std::move(message));
  }
  /// All that is wrong within `value`, which stands at `where`.
  void mistakes(const PointerChain& where, const JsonValue& value, const JsonMistakes& found) const;
  /// "expected a list of sources, found a string".
  void expected(const PointerChain& where, const JsonValue& found, std::string_view what) const;

  /// The value as what it should be; null after a problem has been reported.
  const std::string* text(const PointerChain& where, const JsonValue& value, std::string_view what) const;
  const JsonArray* list(const PointerChain& where, const JsonValue& value, std::string_view what) const;
  JsonArray* list(const PointerChain& where, JsonValue& value, std::string_view what) const;
  JsonObject* object(const PointerChain& where, JsonValue& value, std::string_view what) const;
};

inline constexpr std::array<std::string_view, 6> kVerbs{"concatenate", "stack", "block",
                                                        "full",        "path",  "glob"};

inline constexpr const char* kVerbList =
    "one of \"concatenate\", \"stack\", \"block\", \"full\", \"path\" and \"glob\"";

/// The verb that `key`, which is none, is most likely meant to be: a slip of the pen, or another program's
/// word.
[[nodiscard]] std::optional<std::string_view> verb_meant_by(std::string_view key);

/// Reports every member whose key is not in `allowed`, with the most likely slip or the place where the key
/// belongs. A slip of a key that the object does not have gets that key's name, so that the value is read as
/// it was meant. `owner` says whose keys they are: "concatenate", with quotes; empty: it has no verb yet.
/// True when there is a stray: a key that may have been meant for any of those allowed.
bool check_keys(const ParseContext& context, const PointerChain& where, JsonObject& object,
                std::span<const std::string_view> allowed, std::string_view owner);

}  // namespace ndcat
