// What the functions that read a manifest's parts share: where problems go, and the checks that every part
// needs.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "manifests/json_text.h"
#include "manifests/pointer_chain.h"
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
  /// "expected a list of sources, found a string".
  void expected(const PointerChain& where, const JsonValue& found, std::string_view what) const;

  /// The value as what it should be; null after a problem has been reported.
  const std::string* text(const PointerChain& where, const JsonValue& value, std::string_view what) const;
  const JsonArray* list(const PointerChain& where, const JsonValue& value, std::string_view what) const;
  const JsonObject* object(const PointerChain& where, const JsonValue& value, std::string_view what) const;
};

/// Reports every member whose key is not in `allowed`, with the most likely slip or the place where the key
/// belongs. `owner` says whose keys they are: "concatenate", with quotes. True when there is none.
bool check_keys(const ParseContext& context, const PointerChain& where, const JsonObject& object,
                std::span<const std::string_view> allowed, std::string_view owner);

}  // namespace ndcat
