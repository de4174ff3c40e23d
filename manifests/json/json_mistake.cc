#include "manifests/json/json_mistake.h"

namespace ndcat {

std::string pointer_within(const JsonValue& root, const JsonValue& part) {
  // The way down to the part, by a walk over the whole value: only mistakes are worth it.
  std::string pointer;
  const auto walk = [&](const auto& self, const JsonValue& value) -> bool {
    if (&value == &part) return true;
    const std::size_t length = pointer.size();
    const auto* const list = std::get_if<JsonArray>(&value.value);
    const auto* const object = std::get_if<JsonObject>(&value.value);
    const JsonArray* const children = object != nullptr ? &object->values : list;
    for (std::size_t i = 0; children != nullptr && i < children->size(); ++i) {
      pointer = object != nullptr ? pointer_to(pointer, object->members[i].key) : pointer_to(pointer, i);
      if (self(self, (*children)[i])) return true;
      pointer.resize(length);
    }
    return false;
  };
  walk(walk, root);
  return pointer;
}

}  // namespace ndcat
