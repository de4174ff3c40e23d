// Dtypes from JSON: a string, a list of fields, or NumPy's dictionary form.
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

std::string expected(const std::string& what, const JsonValue& found) {
  std::string text = "expected " + what + ", found " + found.type_name();
  if (const auto* string = std::get_if<std::string>(&found.value)) text += " " + in_quotes(*string);
  if (const auto* number = std::get_if<JsonNumber>(&found.value)) text += " " + in_quotes(number->text);
  return text;
}

/// Reads dtypes that may contain others; counts how deep it is, and knows by which fields it got there. What
/// is wrong goes to `mistakes`; the result is then nothing.
class JsonDtypeReader {
 public:
  explicit JsonDtypeReader(JsonMistakes& mistakes) : mistakes_(mistakes) {}

  std::optional<FieldType> read(const JsonValue& value, bool aligned) {
    if (depth_ == kMaxDtypeDepth) {
      return wrong(value,
                   "structures are nested more than " + std::to_string(kMaxDtypeDepth) + " levels deep");
    }
    ++depth_;
    std::optional<FieldType> type = read_any(value, aligned);
    --depth_;
    return type;
  }

 private:
  /// Always nothing, for whoever returns it.
  std::nullopt_t wrong(const JsonValue& at, const std::string& message) {
    mistakes_.push_back({&at, within_ + message});
    return std::nullopt;
  }
  template <class T>
  std::optional<T> taken(const JsonValue& at, Result<T> result) {
    if (!result) return wrong(at, result.error().message);
    return *std::move(result);
  }

  std::optional<FieldType> read_any(const JsonValue& value, bool aligned) {
    if (const auto* text = std::get_if<std::string>(&value.value)) {
      std::vector<Error> errors;
      std::optional<FieldType> type = parse_field_type(*text, aligned, errors);
      for (const Error& error : errors) wrong(value, error.message);
      return type;
    }
    std::optional<Dtype> dtype;
    if (const auto* fields = std::get_if<JsonArray>(&value.value)) {
      if (is_sub_array(*fields)) return read_repeated((*fields)[0], (*fields)[1], aligned);
      dtype = read_fields(value, *fields, aligned);
    } else if (const auto* object = std::get_if<JsonObject>(&value.value)) {
      dtype = read_dictionary(value, *object, aligned);
    } else {
      wrong(value,
            expected("a dtype (a string, a list of fields or an object with \"names\" and \"formats\")",
                     value));
    }
    if (!dtype) return std::nullopt;
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

  std::optional<Index> read_index(const JsonValue& value, const std::string& what) {
    const auto* number = std::get_if<JsonNumber>(&value.value);
    if (!number || !number->is_integer_literal()) return wrong(value, expected(what, value));
    const std::optional<Index> index = number->as_index();
    if (!index) wrong(value, "the number " + in_quotes(number->text) + " is too large");
    return index;
  }

  std::optional<FieldType> read_repeated(const JsonValue& dtype, const JsonValue& shape, bool aligned) {
    std::optional<FieldType> type = read(dtype, aligned);
    const auto* extents = std::get_if<JsonArray>(&shape.value);
    if (!extents) {
      const std::optional<Index> number = read_index(shape, "a list of extents");
      if (!type || !number) return std::nullopt;
      return taken(shape, repeated(*std::move(type), *number));
    }
    std::vector<Index> indices;
    for (const JsonValue& extent : *extents) {
      if (const auto index = read_index(extent, "a whole number as an extent")) indices.push_back(*index);
    }
    if (!type || indices.size() != extents->size()) return std::nullopt;
    return taken(shape, sub_array(*std::move(type), indices));
  }

  /// Reads what `reader` reads; messages begin with `prefix`.
  template <class Reader>
  auto within(const std::string& prefix, const Reader& reader) {
    const std::size_t length = within_.size();
    within_ += prefix;
    auto result = reader();
    within_.resize(length);
    return result;
  }
  static std::string field_named(const std::string& name) { return in_field(name, {""}).message; }

  std::optional<Dtype> read_fields(const JsonValue& value, const JsonArray& fields, bool aligned) {
    StructureBuilder structure(aligned);
    const std::size_t mistakes_before = mistakes_.size();
    for (std::size_t i = 0; i < fields.size(); ++i) {
      const auto* field = std::get_if<JsonArray>(&fields[i].value);
      if (!field || field->size() < 2 || field->size() > 3) {
        wrong(fields[i], expected("a field as a list [name, dtype] or [name, dtype, shape]", fields[i]));
        continue;
      }
      std::string title, name;
      const bool is_named = read_name((*field)[0], title, name);
      if (name.empty()) name = "f" + std::to_string(i);  // as NumPy does
      std::optional<FieldType> type = within(field_named(name), [&] {
        return field->size() == 3 ? read_repeated((*field)[1], (*field)[2], aligned)
                                  : read((*field)[1], aligned);
      });
      if (!is_named || !type) continue;
      if (const auto error = structure.add(std::move(name), std::move(title), *std::move(type))) {
        wrong(fields[i], error->message);
      }
    }
    if (mistakes_.size() != mistakes_before) return std::nullopt;
    return taken(value, std::move(structure).finish());
  }

  bool read_name(const JsonValue& value, std::string& title, std::string& name) {
    if (const auto* text = std::get_if<std::string>(&value.value)) {
      name = *text;
      return true;
    }
    const auto* pair = std::get_if<JsonArray>(&value.value);
    const auto* first = pair && pair->size() == 2 ? std::get_if<std::string>(&(*pair)[0].value) : nullptr;
    const auto* second = first ? std::get_if<std::string>(&(*pair)[1].value) : nullptr;
    if (!second) {
      wrong(value, expected("the name of a field, or [title, name]", value));
    } else if (first->empty() || second->empty()) {
      wrong(value, "a field's title and name must not be empty");
    } else {
      title = *first;
      name = *second;
      return true;
    }
    return false;
  }

  static constexpr std::array<std::string_view, 6> kKeys = {"names",  "formats",  "offsets",
                                                            "titles", "itemsize", "aligned"};
  /// "names", "formats", "offsets" and "titles", each null when it is not there.
  using Columns = std::array<const JsonArray*, 4>;

  /// False after a mistake. `has_stray`: what lacks may stand there under an unknown key.
  bool read_columns(const JsonValue& value, const JsonObject& object, bool has_stray, Columns& columns) {
    const std::size_t mistakes_before = mistakes_.size();
    for (std::size_t i = 0; i < columns.size(); ++i) {
      const JsonValue* column = object.find(kKeys[i]);
      const std::string key = in_quotes(kKeys[i]);
      if (!column && i < 2 && !has_stray) {
        wrong(value, "the dtype lacks the key " + key + " (it needs \"names\" and \"formats\")");
      }
      if (!column) continue;
      columns[i] = std::get_if<JsonArray>(&column->value);
      if (!columns[i]) {
        wrong(*column, key + ": " + expected("a list", *column));
      } else if (columns[0] && columns[i]->size() != columns[0]->size()) {
        wrong(*column, key + " has " + std::to_string(columns[i]->size()) + " entries, but \"names\" has " +
                           std::to_string(columns[0]->size()));
      }
    }
    return mistakes_.size() == mistakes_before && columns[0] && columns[1];
  }

  std::optional<Dtype> read_dictionary(const JsonValue& value, const JsonObject& object, bool aligned) {
    const std::size_t mistakes_before = mistakes_.size();
    for (std::size_t i = 0; i < object.members.size(); ++i) {
      const std::string& key = object.members[i].key;
      if (std::find(kKeys.begin(), kKeys.end(), key) != kKeys.end()) continue;
      wrong(object.values[i], in_quotes(key) + ": unknown key of a dtype" + did_you_mean(key, kKeys));
    }
    Columns columns{};
    const bool has_columns = read_columns(value, object, mistakes_.size() != mistakes_before, columns);
    if (const JsonValue* given = object.find("aligned")) {
      const bool* flag = std::get_if<bool>(&given->value);
      if (!flag) wrong(*given, "\"aligned\": " + expected("true or false", *given));
      aligned = aligned || (flag && *flag);
    }
    std::optional<Index> itemsize;
    if (const JsonValue* given = object.find("itemsize")) {
      itemsize = within("\"itemsize\": ", [&] { return read_index(*given, "a whole number of bytes"); });
    }
    StructureBuilder structure(aligned);
    for (std::size_t i = 0; has_columns && i < columns[0]->size(); ++i)
      add_row(structure, columns, i, aligned);
    if (mistakes_.size() != mistakes_before) return std::nullopt;
    return taken(value, std::move(structure).finish(itemsize));
  }

  /// The i-th entry of each of the columns; titles may be null.
  void add_row(StructureBuilder& structure, const Columns& columns, std::size_t i, bool aligned) {
    const JsonValue& name_value = (*columns[0])[i];
    const std::size_t mistakes_before = mistakes_.size();
    const auto* name = std::get_if<std::string>(&name_value.value);
    if (!name) wrong(name_value, "\"names\": " + expected("a string", name_value));
    std::optional<FieldType> type = within(field_named(name ? *name : "f" + std::to_string(i)),
                                           [&] { return read((*columns[1])[i], aligned); });
    std::optional<Index> offset;
    if (columns[2]) {
      offset =
          within("\"offsets\": ", [&] { return read_index((*columns[2])[i], "a whole number of bytes"); });
    }
    std::string title;
    if (columns[3] && !std::holds_alternative<std::nullptr_t>((*columns[3])[i].value)) {
      const JsonValue& given = (*columns[3])[i];
      const auto* text = std::get_if<std::string>(&given.value);
      if (!text || text->empty()) wrong(given, "\"titles\": " + expected("a title or null", given));
      if (text) title = *text;
    }
    if (mistakes_.size() != mistakes_before) return;
    if (const auto error = structure.add(*name, std::move(title), *std::move(type), offset)) {
      wrong(columns[2] ? (*columns[2])[i] : (*columns[1])[i], error->message);
    }
  }

  JsonMistakes& mistakes_;
  std::string within_;  // 'field "a": ', what messages begin with
  int depth_ = 0;
};

}  // namespace

std::optional<Dtype> parse_dtype(const JsonValue& value, JsonMistakes& mistakes) {
  std::optional<FieldType> type = JsonDtypeReader(mistakes).read(value, false);
  if (!type) return std::nullopt;
  if (type->shape.empty()) return std::move(type->dtype);
  mistakes.push_back({&value, "the dtype is a sub-array; put its extents " +
                                  to_string(std::as_const(type->shape)) + " into \"shape\" instead"});
  return std::nullopt;
}

Result<Dtype> parse_dtype(const JsonValue& value) {
  JsonMistakes mistakes;
  std::optional<Dtype> dtype = parse_dtype(value, mistakes);
  if (!dtype) return Error{mistakes.front().message};
  return *std::move(dtype);
}

}  // namespace ndcat
