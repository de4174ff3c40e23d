// Any bytes as a JSON text: the tree's places must point at what they say, and what is refused must be
// explained.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <vector>

#include "manifests/json/json_text.h"

namespace {

using ndcat::JsonArray;
using ndcat::JsonNumber;
using ndcat::JsonObject;
using ndcat::JsonText;
using ndcat::JsonValue;

/// Where each line of the text begins.
std::vector<std::size_t> line_begins(std::string_view text) {
  std::vector<std::size_t> begins = {0};
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (text[at] == '\n') begins.push_back(at + 1);
  }
  return begins;
}

/// The byte of a place. Columns count code points.
std::size_t byte_of(std::string_view text, const std::vector<std::size_t>& begins, int line, int column) {
  if (line < 1 || column < 1 || static_cast<std::size_t>(line) > begins.size()) std::abort();
  std::size_t at = begins[static_cast<std::size_t>(line) - 1];
  for (int i = 1; i < column; ++i) {
    ++at;
    while (at < text.size() && (static_cast<unsigned char>(text[at]) & 0xC0U) == 0x80U) ++at;
  }
  if (at > text.size()) std::abort();
  return at;
}

bool begins_as(std::string_view rest, const JsonValue& value) {
  if (std::holds_alternative<std::nullptr_t>(value.value)) return rest.starts_with("null");
  if (const auto* truth = std::get_if<bool>(&value.value)) return rest.starts_with(*truth ? "true" : "false");
  if (const auto* number = std::get_if<JsonNumber>(&value.value)) return rest.starts_with(number->text);
  if (std::holds_alternative<std::string>(value.value)) return rest.starts_with('"');
  return rest.starts_with(std::holds_alternative<JsonArray>(value.value) ? '[' : '{');
}

void check_places(std::string_view text, const std::vector<std::size_t>& begins, const JsonValue& value) {
  if (!begins_as(text.substr(byte_of(text, begins, value.line, value.column)), value)) std::abort();
  if (const auto* array = std::get_if<JsonArray>(&value.value)) {
    for (const JsonValue& element : *array) check_places(text, begins, element);
  }
  if (const auto* object = std::get_if<JsonObject>(&value.value)) {
    if (object->members.size() != object->values.size()) std::abort();
    for (std::size_t i = 0; i < object->members.size(); ++i) {
      const auto& member = object->members[i];
      if (text[byte_of(text, begins, member.key_line, member.key_column)] != '"') std::abort();
      check_places(text, begins, object->values[i]);
    }
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string text(reinterpret_cast<const char*>(data), size);
  const JsonText json = ndcat::parse_json(text, "fuzz.json");
  if (!json.root && json.problems.empty()) std::abort();
  const std::vector<std::size_t> begins = line_begins(text);
  for (const ndcat::Problem& problem : json.problems) {
    if (problem.message.empty()) std::abort();
    if (problem.place.line > 0) byte_of(text, begins, problem.place.line, problem.place.column);
  }
  if (json.root) check_places(text, begins, *json.root);
  return 0;
}
