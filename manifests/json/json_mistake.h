// JsonMistake: one thing that is wrong within a JSON value that is read as a whole, a dtype or a fill. All of
// them are collected, each with the part of the value that it is about.
#pragma once

#include <string>
#include <vector>

#include "manifests/json/json_text.h"

namespace ndcat {

struct JsonMistake {
  const JsonValue* at = nullptr;  // the value itself, or a part of it
  std::string message;
};
using JsonMistakes = std::vector<JsonMistake>;

/// The JSON pointer that leads from `root` to `part`, which is it or a part of it; "" for itself.
[[nodiscard]] std::string pointer_within(const JsonValue& root, const JsonValue& part);

}  // namespace ndcat
