#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "manifests/parse/parse_description.h"
#include "manifests/parse/parse_expression.h"
#include "manifests/texts/utf8.h"
#include "manifests/words/select_text.h"

namespace ndcat {
namespace {

std::optional<Placed<Selection>> read_select(const ParseContext& context, const PointerChain& where,
                                             const JsonValue& value) {
  const std::string* const text = context.text(where, value, "a text such as \"10:20, ..., ::-1\"");
  if (text == nullptr) return std::nullopt;
  std::vector<Error> errors;
  std::optional<Selection> selection = parse_selection(*text, errors);
  if (selection) return Placed<Selection>{std::move(*selection), position(value)};
  for (const Error& error : errors) context.problem(where, position(value), error.message);
  return std::nullopt;
}

using Axes = std::optional<std::vector<Index>>;

std::optional<Placed<Axes>> read_transpose(const ParseContext& context, const PointerChain& where,
                                           const JsonValue& value) {
  constexpr const char* kExpected = "true (all axes reversed) or a list of axes";
  if (const auto* const flag = std::get_if<bool>(&value.value)) {
    if (*flag) return Placed<Axes>{std::nullopt, position(value)};
    context.problem(where, position(value),
                    std::string("expected ") + kExpected + ", found false; leave the key out");
    return std::nullopt;
  }
  const JsonArray* const list = context.list(where, value, kExpected);
  if (list == nullptr) return std::nullopt;
  std::vector<Index> axes;
  bool good = true;
  for (std::size_t i = 0; i < list->size(); ++i) {
    const auto* const number = std::get_if<JsonNumber>(&(*list)[i].value);
    const std::optional<Index> axis = number != nullptr ? number->as_index() : std::nullopt;
    if (!axis) {
      context.problem(PointerChain(where, i), position((*list)[i]),
                      std::string("expected an axis, a whole number, found ") +
                          (number != nullptr ? number->text : (*list)[i].type_name()));
      good = false;
    }
    axes.push_back(axis.value_or(0));
  }
  if (!good) return std::nullopt;
  return Placed<Axes>{std::move(axes), position(value)};
}

}  // namespace

std::unique_ptr<Modifiers> read_modifiers(const ParseContext& context, const PointerChain& where,
                                          const JsonObject& object) {
  const JsonValue* const select = object.find("select");
  const JsonValue* const transpose = object.find("transpose");
  const JsonValue* const astype = object.find("astype");
  if (select == nullptr && transpose == nullptr && astype == nullptr) return nullptr;
  auto result = std::make_unique<Modifiers>();
  if (select != nullptr) {
    result->select = read_select(context, PointerChain(where, "select"), *select);
    if (result->select) result->select_text = std::get<std::string>(select->value);
    result->broken.select = !result->select;
  }
  if (transpose != nullptr) {
    result->transpose = read_transpose(context, PointerChain(where, "transpose"), *transpose);
    result->broken.transpose = !result->transpose;
  }
  if (astype != nullptr) {
    std::optional<Dtype> dtype = read_dtype(context, PointerChain(where, "astype"), *astype);
    if (dtype) result->astype = Placed<Dtype>{std::move(*dtype), position(*astype)};
    result->broken.astype = !dtype;
  }
  return result;
}

}  // namespace ndcat
