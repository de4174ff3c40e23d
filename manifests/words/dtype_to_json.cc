// Dtypes to JSON: a string, a list of fields, or NumPy's dictionary form.
#include "manifests/json/json_text.h"
#include "manifests/words/dtype_text.h"

namespace ndcat {
namespace {

std::string shape_to_json(const Shape& shape) {
  std::string text = "[";
  for (int axis = 0; axis < shape.size(); ++axis)
    text += (axis > 0 ? ", " : "") + std::to_string(shape[axis]);
  return text + "]";
}

/// The type of the elements of a field's outermost sub-array; a sub-array among them is [dtype, shape].
std::string element_to_json(const Field& field, const std::vector<Shape>& levels) {
  std::string text = dtype_to_json(field.dtype);
  for (std::size_t level = levels.size(); level > 1; --level) {
    text = "[" + text + ", " + shape_to_json(levels[level - 1]) + "]";
  }
  return text;
}

/// Field after field without gaps, so that a list of fields says everything.
bool is_packed(const Dtype& dtype) {
  Index end = 0;
  for (const Field& field : dtype.fields()) {
    if (field.offset != end) return false;
    end += field.size();
  }
  return end == dtype.itemsize();
}

std::string fields_to_json(const Dtype& dtype) {
  std::string text = "[";
  for (const Field& field : dtype.fields()) {
    if (text.size() > 1) text += ", ";
    const std::string name = json_string(field.name);
    const std::vector<Shape> levels = field.levels();
    text += "[" + (field.title.empty() ? name : "[" + json_string(field.title) + ", " + name + "]") + ", " +
            element_to_json(field, levels);
    if (!levels.empty()) text += ", " + shape_to_json(levels.front());
    text += "]";
  }
  return text + "]";
}

std::string dictionary_to_json(const Dtype& dtype) {
  std::string names;
  std::string formats;
  std::string offsets;
  std::string titles;
  bool any_title = false;
  for (const Field& field : dtype.fields()) {
    const std::string comma = names.empty() ? "" : ", ";
    names += comma + json_string(field.name);
    const std::vector<Shape> levels = field.levels();
    const std::string format = element_to_json(field, levels);
    formats += comma + (levels.empty() ? format : "[" + format + ", " + shape_to_json(levels.front()) + "]");
    offsets += comma + std::to_string(field.offset);
    titles += comma + (field.title.empty() ? "null" : json_string(field.title));
    any_title = any_title || !field.title.empty();
  }
  return "{\"names\": [" + names + "], \"formats\": [" + formats + "], \"offsets\": [" + offsets + "]" +
         (any_title ? ", \"titles\": [" + titles + "]" : "") +
         ", \"itemsize\": " + std::to_string(dtype.itemsize()) + "}";
}

}  // namespace

std::string dtype_to_json(const Dtype& dtype) {
  if (!dtype.is_structured()) return json_string(dtype.typestr());
  return is_packed(dtype) ? fields_to_json(dtype) : dictionary_to_json(dtype);
}

}  // namespace ndcat
