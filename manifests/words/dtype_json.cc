// Dtypes in JSON: a string, a list of fields, or NumPy's dictionary form; and back.
#include <algorithm>
#include <array>
#include <utility>

#include "manifests/json/json_text.h"
#include "manifests/texts/suggestion.h"
#include "manifests/texts/utf8.h"
#include "manifests/words/dtype_parts.h"
#include "manifests/words/dtype_text.h"

namespace ndcat {
namespace {

Error expected(const std::string& what, const JsonValue& found) {
  std::string text = "expected " + what + ", found " + found.type_name();
  if (const auto* string = std::get_if<std::string>(&found.value)) text += " " + in_quotes(*string);
  if (const auto* number = std::get_if<JsonNumber>(&found.value)) text += " " + in_quotes(number->text);
  return {text};
}

Result<Index> as_index(const JsonValue& value, const std::string& what) {
  const auto* number = std::get_if<JsonNumber>(&value.value);
  if (!number || !number->is_integer_literal()) return expected(what, value);
  const std::optional<Index> index = number->as_index();
  if (!index) return Error{"the number " + in_quotes(number->text) + " is too large"};
  return *index;
}

Result<std::vector<Index>> as_indices(const JsonArray& array, const std::string& what) {
  std::vector<Index> indices;
  for (const JsonValue& element : array) {
    const Result<Index> index = as_index(element, what);
    if (!index) return index.error();
    indices.push_back(*index);
  }
  return indices;
}

/// Reads dtypes that may contain others; counts how deep it is.
class JsonDtypeReader {
 public:
  Result<FieldType> read(const JsonValue& value, bool aligned) {
    if (depth_ == kMaxDtypeDepth) {
      return Error{"structures are nested more than " + std::to_string(kMaxDtypeDepth) + " levels deep"};
    }
    ++depth_;
    Result<FieldType> type = read_any(value, aligned);
    --depth_;
    return type;
  }

 private:
  Result<FieldType> read_any(const JsonValue& value, bool aligned) {
    if (const auto* text = std::get_if<std::string>(&value.value)) return parse_field_type(*text, aligned);
    Result<Dtype> dtype =
        expected("a dtype (a string, a list of fields or an object with \"names\" and \"formats\")", value);
    if (const auto* fields = std::get_if<JsonArray>(&value.value)) {
      if (is_sub_array(*fields)) return read_repeated((*fields)[0], (*fields)[1], aligned);
      dtype = read_fields(*fields, aligned);
    } else if (const auto* object = std::get_if<JsonObject>(&value.value)) {
      dtype = read_dictionary(*object, aligned);
    }
    if (!dtype) return dtype.error();
    return FieldType{*std::move(dtype), {}};
  }

  /// [dtype, shape] among "formats", as Python writes (dtype, shape): no list of fields ends in numbers.
  static bool is_sub_array(const JsonArray& array) {
    if (array.size() != 2) return false;
    const auto is_number = [](const JsonValue& v) { return std::holds_alternative<JsonNumber>(v.value); };
    if (is_number(array[1])) return true;
    const auto* shape = std::get_if<JsonArray>(&array[1].value);
    return shape && std::all_of(shape->begin(), shape->end(), is_number);
  }

  Result<FieldType> read_repeated(const JsonValue& dtype, const JsonValue& shape, bool aligned) {
    Result<FieldType> type = read(dtype, aligned);
    if (!type) return type;
    const auto* extents = std::get_if<JsonArray>(&shape.value);
    if (!extents) {
      const Result<Index> number = as_index(shape, "a list of extents");
      if (!number) return number.error();
      return repeated(*std::move(type), *number);
    }
    const Result<std::vector<Index>> indices = as_indices(*extents, "a whole number as an extent");
    if (!indices) return indices.error();
    return sub_array(*std::move(type), *indices);
  }

  Result<Dtype> read_fields(const JsonArray& fields, bool aligned) {
    StructureBuilder structure(aligned);
    for (const JsonValue& element : fields) {
      const auto* field = std::get_if<JsonArray>(&element.value);
      if (!field || field->size() < 2 || field->size() > 3) {
        return expected("a field as a list [name, dtype] or [name, dtype, shape]", element);
      }
      std::string title;
      std::string name;
      if (const std::optional<Error> error = read_name((*field)[0], title, name)) return *error;
      if (name.empty()) name = "f" + std::to_string(structure.field_count());  // as NumPy does
      Result<FieldType> type =
          field->size() == 3 ? read_repeated((*field)[1], (*field)[2], aligned) : read((*field)[1], aligned);
      if (!type) return in_field(name, type.error());
      if (const auto error = structure.add(std::move(name), std::move(title), *std::move(type)))
        return *error;
    }
    return std::move(structure).finish();
  }

  static std::optional<Error> read_name(const JsonValue& value, std::string& title, std::string& name) {
    if (const auto* text = std::get_if<std::string>(&value.value)) {
      name = *text;
      return std::nullopt;
    }
    const auto* pair = std::get_if<JsonArray>(&value.value);
    const auto* first = pair && pair->size() == 2 ? std::get_if<std::string>(&(*pair)[0].value) : nullptr;
    const auto* second = first ? std::get_if<std::string>(&(*pair)[1].value) : nullptr;
    if (!second) return expected("the name of a field, or [title, name]", value);
    if (first->empty() || second->empty()) return Error{"a field's title and name must not be empty"};
    title = *first;
    name = *second;
    return std::nullopt;
  }

  Result<Dtype> read_dictionary(const JsonObject& object, bool aligned) {
    static constexpr std::array<std::string_view, 6> kKeys = {"names",  "formats",  "offsets",
                                                              "titles", "itemsize", "aligned"};
    for (const JsonMember& member : object.members) {
      if (std::find(kKeys.begin(), kKeys.end(), member.key) == kKeys.end()) {
        return Error{in_quotes(member.key) + ": unknown key of a dtype" + did_you_mean(member.key, kKeys)};
      }
    }
    if (const JsonValue* value = object.find("aligned")) {
      const bool* flag = std::get_if<bool>(&value->value);
      if (!flag) return Error{"\"aligned\": " + expected("true or false", *value).message};
      aligned = aligned || *flag;
    }
    const JsonArray* lists[4] = {};
    for (std::size_t i = 0; i < 4; ++i) {
      const JsonValue* value = object.find(kKeys[i]);
      const std::string key = in_quotes(kKeys[i]);
      if (!value && i < 2)
        return Error{"the dtype lacks the key " + key + " (it needs \"names\" and \"formats\")"};
      if (!value) continue;
      lists[i] = std::get_if<JsonArray>(&value->value);
      if (!lists[i]) return Error{key + ": " + expected("a list", *value).message};
      if (lists[i]->size() != lists[0]->size()) {
        return Error{key + " has " + std::to_string(lists[i]->size()) + " entries, but \"names\" has " +
                     std::to_string(lists[0]->size())};
      }
    }
    StructureBuilder structure(aligned);
    for (std::size_t i = 0; i < lists[0]->size(); ++i) {
      if (const auto error = add_column(structure, lists, i, aligned)) return *error;
    }
    std::optional<Index> itemsize;
    if (const JsonValue* value = object.find("itemsize")) {
      const Result<Index> number = as_index(*value, "a whole number of bytes");
      if (!number) return Error{"\"itemsize\": " + number.error().message};
      itemsize = *number;
    }
    return std::move(structure).finish(itemsize);
  }

  /// The i-th entry of each of the lists "names", "formats", "offsets" and "titles"; the last two may be
  /// null.
  std::optional<Error> add_column(StructureBuilder& structure, const JsonArray* const (&lists)[4],
                                  std::size_t i, bool aligned) {
    const auto* name = std::get_if<std::string>(&(*lists[0])[i].value);
    if (!name) return Error{"\"names\": " + expected("a string", (*lists[0])[i]).message};
    Result<FieldType> type = read((*lists[1])[i], aligned);
    if (!type) return in_field(*name, type.error());
    std::optional<Index> offset;
    if (lists[2]) {
      const Result<Index> number = as_index((*lists[2])[i], "a whole number of bytes");
      if (!number) return Error{"\"offsets\": " + number.error().message};
      offset = *number;
    }
    std::string title;
    if (lists[3] && !std::holds_alternative<std::nullptr_t>((*lists[3])[i].value)) {
      const auto* text = std::get_if<std::string>(&(*lists[3])[i].value);
      if (!text || text->empty())
        return Error{"\"titles\": " + expected("a title or null", (*lists[3])[i]).message};
      title = *text;
    }
    return structure.add(*name, std::move(title), *std::move(type), offset);
  }

  int depth_ = 0;
};

std::string shape_to_json(const Shape& shape) {
  std::string text = "[";
  for (int axis = 0; axis < shape.size(); ++axis)
    text += (axis > 0 ? ", " : "") + std::to_string(shape[axis]);
  return text + "]";
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
    text += "[" + (field.title.empty() ? name : "[" + json_string(field.title) + ", " + name + "]") + ", " +
            dtype_to_json(field.dtype);
    if (!field.shape.empty()) text += ", " + shape_to_json(field.shape);
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
    const std::string format = dtype_to_json(field.dtype);
    formats +=
        comma + (field.shape.empty() ? format : "[" + format + ", " + shape_to_json(field.shape) + "]");
    offsets += comma + std::to_string(field.offset);
    titles += comma + (field.title.empty() ? "null" : json_string(field.title));
    any_title = any_title || !field.title.empty();
  }
  return "{\"names\": [" + names + "], \"formats\": [" + formats + "], \"offsets\": [" + offsets + "]" +
         (any_title ? ", \"titles\": [" + titles + "]" : "") +
         ", \"itemsize\": " + std::to_string(dtype.itemsize()) + "}";
}

}  // namespace

Result<Dtype> parse_dtype(const JsonValue& value) {
  Result<FieldType> type = JsonDtypeReader().read(value, false);
  if (!type) return type.error();
  if (!type->shape.empty()) {
    return Error{"the dtype is a sub-array; put its extents " + to_string(std::as_const(type->shape)) +
                 " into \"shape\" instead"};
  }
  return std::move(type->dtype);
}

std::string dtype_to_json(const Dtype& dtype) {
  if (!dtype.is_structured()) return json_string(dtype.typestr());
  return is_packed(dtype) ? fields_to_json(dtype) : dictionary_to_json(dtype);
}

}  // namespace ndcat
