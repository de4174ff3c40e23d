// Dtypes as the "descr" of NumPy's headers: from Python literals, and back as repr() prints them.
#include "manifests/python/python_literal.h"
#include "manifests/python/python_string.h"
#include "manifests/texts/utf8.h"
#include "manifests/words/dtype_parts.h"
#include "manifests/words/dtype_text.h"

namespace ndcat {
namespace {

Error expected(const std::string& what, const PythonLiteral& found) {
  std::string text =
      "at byte " + std::to_string(found.at) + ": expected " + what + ", found " + found.type_name();
  if (const auto* string = std::get_if<std::string>(&found.value)) text += " " + in_quotes(*string);
  return {text};
}

/// What np.lib.format.descr_to_dtype does.
class DescrReader {
 public:
  Result<FieldType> read(const PythonLiteral& descr) {
    if (depth_ == kMaxDtypeDepth) {
      return Error{"structures are nested more than " + std::to_string(kMaxDtypeDepth) + " levels deep"};
    }
    ++depth_;
    Result<FieldType> type = read_any(descr);
    --depth_;
    return type;
  }

 private:
  Result<FieldType> read_any(const PythonLiteral& descr) {
    if (const auto* text = std::get_if<std::string>(&descr.value)) return parse_field_type(*text, false);
    if (const auto* pair = std::get_if<PythonTuple>(&descr.value)) {
      if (pair->items.size() != 2) {
        const std::string count = std::to_string(pair->items.size());
        return Error{expected("a tuple (dtype, shape)", descr).message + " of " + count};
      }
      return read_repeated(pair->items[0], pair->items[1]);
    }
    const auto* fields = std::get_if<PythonList>(&descr.value);
    if (!fields) return expected("a dtype as a str or a list of fields", descr);
    StructureBuilder structure(false);
    for (const PythonLiteral& field : fields->items) {
      if (const std::optional<Error> error = add_field(structure, field)) return *error;
    }
    Result<Dtype> dtype = std::move(structure).finish();
    if (!dtype) return dtype.error();
    return FieldType{*std::move(dtype), {}};
  }

  Result<FieldType> read_repeated(const PythonLiteral& descr, const PythonLiteral& shape) {
    Result<FieldType> type = read(descr);
    if (!type) return type;
    if (const auto* number = std::get_if<PythonInteger>(&shape.value)) {
      return repeated(*std::move(type), number->value.value_or(kMaxIndex));
    }
    const auto* tuple = std::get_if<PythonTuple>(&shape.value);
    if (!tuple) return expected("a shape as a tuple of ints", shape);
    std::vector<Index> extents;
    for (const PythonLiteral& extent : tuple->items) {
      const auto* number = std::get_if<PythonInteger>(&extent.value);
      if (!number) return expected("an int as an extent", extent);
      extents.push_back(number->value.value_or(kMaxIndex));
    }
    return sub_array(*std::move(type), extents);
  }

  std::optional<Error> add_field(StructureBuilder& structure, const PythonLiteral& literal) {
    const auto* field = std::get_if<PythonTuple>(&literal.value);
    if (!field || field->items.size() < 2 || field->items.size() > 3) {
      return expected("a field as a tuple (name, dtype) or (name, dtype, shape)", literal);
    }
    std::string title;
    std::string name;
    if (std::optional<Error> error = read_name(field->items[0], title, name)) return error;
    Result<FieldType> type =
        field->items.size() == 3 ? read_repeated(field->items[1], field->items[2]) : read(field->items[1]);
    if (!type) return in_field(name, type.error());
    if (!name.empty()) return structure.add(std::move(name), std::move(title), *std::move(type));
    // NumPy takes nameless void bytes for padding, and sub-arrays of any type for void bytes.
    const Dtype& dtype = type->dtype;
    const bool padding = !type->shape.empty() || (dtype.kind() == Kind::raw && !dtype.is_structured());
    if (!padding) return expected("the name of a field that is no padding", field->items[0]);
    return structure.skip(Field{"", "", dtype, type->shape, 0}.size());
  }

  static std::optional<Error> read_name(const PythonLiteral& literal, std::string& title, std::string& name) {
    const PythonLiteral* name_literal = &literal;
    if (const auto* pair = std::get_if<PythonTuple>(&literal.value); pair && pair->items.size() == 2) {
      if (!std::holds_alternative<PythonNone>(pair->items[0].value)) {
        const auto* text = std::get_if<std::string>(&pair->items[0].value);
        if (!text || text->empty()) return expected("a title", pair->items[0]);
        title = *text;
      }
      name_literal = &pair->items[1];
    }
    const auto* text = std::get_if<std::string>(&name_literal->value);
    if (!text || (text->empty() && name_literal != &literal)) {
      return expected("the name of a field, or a tuple (title, name)", *name_literal);
    }
    name = *text;
    for (const std::string* part : {&title, &name}) {
      if (find_invalid_utf8(*part)) return expected("the name of a field without lone surrogates", literal);
    }
    return std::nullopt;
  }

  int depth_ = 0;
};

std::string padding(Index bytes) { return "('', '|V" + std::to_string(bytes) + "')"; }

}  // namespace

Result<Dtype> parse_dtype(const PythonLiteral& descr) {
  Result<FieldType> type = DescrReader().read(descr);
  if (!type) return type.error();
  if (!type->shape.empty())
    return Error{"the dtype is a sub-array, which np.save never writes for a whole array"};
  return std::move(type->dtype);
}

Result<std::string> numpy_descr(const Dtype& dtype) {
  if (!dtype.is_structured()) return "'" + dtype.typestr() + "'";
  std::string text = "[";
  const auto append = [&text](const std::string& field) { text += (text.size() > 1 ? ", " : "") + field; };
  Index end = 0;
  for (const Field& field : dtype.fields()) {
    if (field.offset < end) {
      return Error{"field " + in_quotes(field.name) +
                   " overlaps the field before it or comes out of order, which no NumPy " + "header can say"};
    }
    if (field.offset > end) append(padding(field.offset - end));
    end = field.offset + field.size();
    Result<std::string> element = numpy_descr(field.dtype);
    if (!element) return in_field(field.name, element.error());
    const std::vector<Shape> levels = field.levels();
    std::string descr = *std::move(element);
    for (std::size_t level = levels.size(); level > 1; --level) {
      descr = "(" + descr + ", " + to_string(std::as_const(levels[level - 1])) + ")";
    }
    std::string name = python_string_repr(field.name);
    if (!field.title.empty()) name = "(" + python_string_repr(field.title) + ", " + name + ")";
    append("(" + name + ", " + descr + (levels.empty() ? "" : ", " + to_string(levels.front())) + ")");
  }
  if (dtype.itemsize() > end) append(padding(dtype.itemsize() - end));
  return text + "]";
}

}  // namespace ndcat
