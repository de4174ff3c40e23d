#include "manifests/parse/parse_description.h"

#include <array>
#include <string>
#include <utility>

#include "manifests/texts/utf8.h"
#include "manifests/words/dtype_text.h"
#include "manifests/words/fill_value.h"

namespace ndcat {
namespace {

/// One extent of a shape, or nothing after a problem.
std::optional<Index> read_extent(const ParseContext& context, const PointerChain& where,
                                 const JsonValue& value, bool may_be_unknown) {
  const auto* const number = std::get_if<JsonNumber>(&value.value);
  const char* const expected =
      may_be_unknown ? "a whole number, or -1 for what the file's size gives" : "a whole number";
  if (number == nullptr) {
    context.expected(where, value, expected);
    return std::nullopt;
  }
  const std::optional<Index> extent = number->as_index();
  if (!extent && number->is_integer_literal()) {
    context.problem(where, position(value),
                    "the extent " + number->text.substr(0, 40) + " does not fit 64 bits");
  } else if (!extent) {
    context.problem(where, position(value), std::string("expected ") + expected + ", found " + number->text);
  } else if (*extent < 0 && !(may_be_unknown && *extent == -1)) {
    context.problem(where, position(value), "negative extent " + number->text + "; expected " + expected);
  } else {
    return extent;
  }
  return std::nullopt;
}

std::optional<Order> read_order(const ParseContext& context, const PointerChain& where,
                                const JsonValue& value) {
  constexpr const char* kExpected = "\"C\" or \"F\"";
  const std::string* const text = context.text(where, value, kExpected);
  if (text == nullptr) return std::nullopt;
  if (*text == "C") return Order::c;
  if (*text == "F") return Order::f;
  context.problem(where, position(value),
                  in_quotes(*text) + " is no order of a source; expected " + kExpected);
  return std::nullopt;
}

std::optional<Index> read_offset(const ParseContext& context, const PointerChain& where,
                                 const JsonValue& value) {
  const auto* const number = std::get_if<JsonNumber>(&value.value);
  const std::optional<Index> offset = number != nullptr ? number->as_index() : std::nullopt;
  if (offset && *offset >= 0) return offset;
  const std::string found = number != nullptr ? number->text : value.type_name();
  context.problem(where, position(value), "expected a whole number of bytes, 0 or more, found " + found);
  return std::nullopt;
}

/// One key, as far as it is there.
template <class T, class Reader>
void read_key(const PointerChain& where, const JsonObject& object, std::string_view key, Part<T>& into,
              const Reader& reader) {
  const JsonValue* const value = object.find(key);
  if (value == nullptr) return;
  into.value = reader(PointerChain(where, key), *value);
  into.broken = !into.value;
}

}  // namespace

std::optional<Dtype> read_dtype(const ParseContext& context, const PointerChain& where,
                                const JsonValue& value) {
  JsonMistakes mistakes;
  std::optional<Dtype> dtype = parse_dtype(value, mistakes);
  context.mistakes(where, value, mistakes);
  return dtype;
}

std::optional<Shape> read_shape(const ParseContext& context, const PointerChain& where,
                                const JsonValue& value, bool may_be_unknown) {
  if (const auto* const number = std::get_if<JsonNumber>(&value.value)) {
    context.problem(where, position(value), "a shape is a list; write [" + number->text + "]");
    return std::nullopt;
  }
  const JsonArray* const list = context.list(where, value, "a list of extents, such as [1000, 3]");
  if (list == nullptr) return std::nullopt;
  if (list->size() > static_cast<std::size_t>(kMaxRank)) {
    context.problem(where, position(value),
                    "a shape of " + std::to_string(list->size()) + " axes; NumPy's arrays have at most " +
                        std::to_string(kMaxRank));
    return std::nullopt;
  }
  Shape shape;
  bool good = true, unknown = false;
  for (std::size_t i = 0; i < list->size(); ++i) {
    const PointerChain here(where, i);
    const std::optional<Index> extent = read_extent(context, here, (*list)[i], may_be_unknown);
    if (extent == -1 && std::exchange(unknown, true)) {
      context.problem(here, position((*list)[i]),
                      "a second -1: only one extent can be taken from the file's size");
      good = false;
    }
    good = good && extent;
    shape.push_back(extent.value_or(0));
  }
  if (!good) return std::nullopt;
  return shape;
}

RawDescription read_description(const ParseContext& context, const PointerChain& where,
                                const JsonObject& object) {
  RawDescription raw;
  read_key(where, object, "dtype", raw.dtype, [&](const PointerChain& here, const JsonValue& value) {
    return read_dtype(context, here, value);
  });
  read_key(where, object, "shape", raw.shape, [&](const PointerChain& here, const JsonValue& value) {
    return read_shape(context, here, value, true);
  });
  read_key(where, object, "order", raw.order, [&](const PointerChain& here, const JsonValue& value) {
    return read_order(context, here, value);
  });
  read_key(where, object, "offset", raw.offset, [&](const PointerChain& here, const JsonValue& value) {
    return read_offset(context, here, value);
  });
  return raw;
}

MissingRule read_missing(const ParseContext& context, const PointerChain& where, JsonObject& object) {
  constexpr const char* kExpected = "\"error\", \"skip\" or {\"fill\": value}";
  JsonValue* const value = object.find("missing");
  if (value == nullptr) return {};
  const PointerChain here(where, "missing");
  if (const auto* const text = std::get_if<std::string>(&value->value)) {
    if (*text == "error") return {};
    if (*text == "skip") return {MissingRule::Kind::skip, nullptr};
    context.problem(here, position(*value), in_quotes(*text) + ": expected " + kExpected);
  } else if (JsonObject* const rule = context.object(here, *value, kExpected)) {
    constexpr std::array<std::string_view, 1> kKeys{"fill"};
    const std::size_t keys = rule->members.size();
    check_keys(context, here, *rule, kKeys, "\"missing\"");
    const JsonValue* const fill = rule->find("fill");
    const bool is_value = fill != nullptr && !std::holds_alternative<std::nullptr_t>(fill->value) &&
                          !std::holds_alternative<JsonObject>(fill->value);
    if (is_value) return {MissingRule::Kind::fill, std::make_shared<const JsonValue>(*fill)};
    if (fill != nullptr) {
      context.expected(PointerChain(here, "fill"), *fill, "a number, true, false or a text");
    } else if (keys == 0) {
      context.problem(here, position(*value), "no \"fill\" here; expected {\"fill\": value}");
    }
  }
  return {MissingRule::Kind::unknown, nullptr};
}

std::unique_ptr<FullExpression> read_full(const ParseContext& context, const PointerChain& where,
                                          const JsonObject& object, TextPosition at, bool has_stray) {
  const JsonValue& value = *object.find("full");
  const JsonValue* const shape = object.find("shape");
  const JsonValue* const dtype = object.find("dtype");
  auto full = std::make_unique<FullExpression>();
  if (shape != nullptr) {
    full->shape = read_shape(context, PointerChain(where, "shape"), *shape, false);
  } else if (!has_stray) {
    context.problem(where, at, "\"full\" needs a \"shape\", such as \"shape\": [1000, 3]");
  }
  const PointerChain here(where, "full");
  if (dtype != nullptr) full->dtype = read_dtype(context, PointerChain(where, "dtype"), *dtype);
  if (!full->dtype) {
    Result<Dtype> natural = fill_dtype(value);
    const bool is_value = !std::holds_alternative<std::nullptr_t>(value.value) &&
                          !std::holds_alternative<JsonObject>(value.value);
    // Many a value is right with a dtype only; but some are never.
    if (!natural && ((dtype == nullptr && !has_stray) || !is_value)) {
      context.problem(here, position(value), natural.error().message);
    }
    if (natural && dtype == nullptr && !has_stray) full->dtype = std::move(*natural);
  }
  if (!full->dtype) return full;
  JsonMistakes mistakes;
  full->element = fill_element(value, *full->dtype, mistakes);
  context.mistakes(here, value, mistakes);
  return full;
}

}  // namespace ndcat
