#include "manifests/parse_expression.h"

#include <algorithm>
#include <array>
#include <utility>

#include "manifests/parse_description.h"
#include "manifests/suggestion.h"
#include "manifests/utf8.h"

namespace ndcat {
namespace {

constexpr const char* kVerbList =
    "one of \"concatenate\", \"stack\", \"block\", \"full\", \"path\" and \"glob\"";
constexpr const char* kSource = "a source: a string, or an object with a verb";

/// The keys beside each verb, the modifiers (which all take) left out.
std::vector<std::string_view> keys_of(std::string_view verb) {
  if (verb == "concatenate" || verb == "stack") return {"axis"};
  if (verb == "full") return {"shape", "dtype"};
  if (verb == "block") return {};
  return {"dtype", "shape", "order", "offset", "missing"};
}

/// The one verb of the object; empty after a problem.
std::string_view find_verb(const ParseContext& context, const PointerChain& where, const JsonObject& object,
                           TextPosition at) {
  std::string_view verb;
  bool slip = false;
  for (const JsonMember& member : object.members) {
    const auto* const known = std::find(kVerbs.begin(), kVerbs.end(), member.key);
    if (known == kVerbs.end()) {
      slip = slip || verb_meant_by(member.key).has_value();
    } else if (verb.empty()) {
      verb = *known;
    } else if (verb != *known) {
      context.problem(PointerChain(where, member.key), position(member),
                      "a second verb, " + in_quotes(*known) + ", beside " + in_quotes(verb) +
                          "; an object has exactly one (a list of objects can hold both)");
      return {};
    }
  }
  if (verb.empty() && !slip) {
    context.problem(where, at, std::string("no verb in this object; it needs ") + kVerbList);
  }
  return verb;
}

SourceExpression read_source(const ParseContext& context, const PointerChain& where, const JsonObject& object,
                             std::string_view verb, bool& broken) {
  SourceExpression source;
  source.is_glob = verb == "glob";
  const JsonValue& name = *object.find(verb);
  const PointerChain here(where, verb);
  const std::string* const text =
      context.text(here, name, source.is_glob ? "a pattern, such as \"part-*.npy\"" : "the name of a file");
  if (text != nullptr && text->find('\0') != std::string::npos) {
    context.problem(here, position(name), "a zero character in the name; no file has one");
    broken = true;
  } else if (text != nullptr && text->empty()) {
    context.problem(here, position(name), "the name is empty");
    broken = true;
  } else if (text != nullptr) {
    source.name = *text;
  }
  broken = broken || text == nullptr;
  auto options = std::make_unique<SourceExpression::Options>();
  options->raw = read_description(context, where, object);
  options->missing = read_missing(context, where, object);
  broken = broken || options->raw.broken || options->missing.kind == MissingRule::Kind::unknown;
  source.options = std::move(options);
  return source;
}

ListExpression read_list(const ParseContext& context, const PointerChain& where, const JsonObject& object,
                         std::string_view verb, bool& broken) {
  ListExpression result;
  result.is_stack = verb == "stack";
  const JsonValue& list = *object.find(verb);
  result.items_at = result.axis_at = position(list);
  const PointerChain here(where, verb);
  if (const auto* const text = std::get_if<std::string>(&list.value)) {
    context.problem(here, position(list), "expected a list of sources; write [" + in_quotes(*text) + "]");
    broken = true;
  } else if (const JsonArray* const items = context.list(here, list, "a list of sources")) {
    result.items.reserve(items->size());
    for (std::size_t i = 0; i < items->size(); ++i) {
      result.items.push_back(read_expression(context, PointerChain(here, i), (*items)[i]));
    }
    if (items->empty()) {
      context.problem(here, position(list), "an empty list: at least one source is needed");
      broken = true;
    }
  } else {
    broken = true;
  }
  const JsonValue* const axis = object.find("axis");
  if (axis == nullptr) return result;
  result.axis_at = position(*axis);
  const auto* const number = std::get_if<JsonNumber>(&axis->value);
  const std::optional<Index> value = number != nullptr ? number->as_index() : std::nullopt;
  if (!value) {
    context.problem(PointerChain(where, "axis"), position(*axis),
                    std::string("expected a whole number, found ") +
                        (number != nullptr ? number->text : axis->type_name()));
    broken = true;
  }
  result.axis = value.value_or(0);
  return result;
}

BlockNode read_block(const ParseContext& context, const PointerChain& where, const JsonValue& value,
                     int depth, bool& broken) {
  BlockNode node;
  node.at = position(value);
  const auto* const list = std::get_if<JsonArray>(&value.value);
  if (list == nullptr) {
    node.leaf = std::make_unique<Expression>(read_expression(context, where, value));
    return node;
  }
  if (list->empty()) {
    context.problem(where, node.at, "an empty list in \"block\": at least one source is needed");
    broken = true;
  }
  if (depth >= kMaxRank) {
    context.problem(
        where, node.at,
        "lists nested deeper than " + std::to_string(kMaxRank) + " levels, NumPy's limit of axes");
    broken = true;
    return node;
  }
  node.list.reserve(list->size());
  for (std::size_t i = 0; i < list->size(); ++i) {
    node.list.push_back(read_block(context, PointerChain(where, i), (*list)[i], depth + 1, broken));
  }
  return node;
}

Expression read_name(const ParseContext& context, const PointerChain& where, const std::string& text,
                     TextPosition at) {
  Expression result;
  result.at = at;
  result.broken = text.empty() || text.find('\0') != std::string::npos;
  if (text.empty()) {
    context.problem(where, at, "the name is empty");
  } else if (result.broken) {
    context.problem(where, at, "a zero character in the name; no file has one");
  }
  SourceExpression source;
  if (!result.broken) source.name = text;
  source.is_glob = is_pattern(text);
  result.node = std::move(source);
  return result;
}

}  // namespace

bool is_pattern(std::string_view text) { return text.find_first_of("*?[{") != std::string_view::npos; }

Expression read_expression(const ParseContext& context, const PointerChain& where, const JsonValue& value,
                           std::span<const std::string_view> extra_keys) {
  if (const auto* const text = std::get_if<std::string>(&value.value)) {
    return read_name(context, where, *text, position(value));
  }
  Expression result;
  result.at = position(value);
  if (std::holds_alternative<JsonArray>(value.value)) {
    context.problem(
        where, result.at,
        "a list where a source was expected; combine several sources with {\"concatenate\": [...]}");
    result.broken = true;
    return result;
  }
  const JsonObject* const object = context.object(where, value, kSource);
  const std::string_view verb = object != nullptr ? find_verb(context, where, *object, result.at) : "";
  result.broken = verb.empty();
  if (object == nullptr) return result;

  std::vector<std::string_view> keys = verb.empty() ? std::vector<std::string_view>() : keys_of(verb);
  if (verb.empty()) {
    // Only what is no key at all is reported: the others may be right once the verb is.
    keys = {"axis", "shape", "dtype", "order", "offset", "missing"};
    keys.insert(keys.end(), kVerbs.begin(), kVerbs.end());
  } else {
    keys.insert(keys.begin(), verb);
  }
  keys.insert(keys.end(), {"select", "transpose", "astype"});
  for (const std::string_view key : extra_keys) {
    if (std::find(keys.begin(), keys.end(), key) == keys.end()) keys.push_back(key);
  }
  if (!check_keys(context, where, *object, keys, verb.empty() ? "" : in_quotes(verb))) result.broken = true;

  if (verb == "concatenate" || verb == "stack") {
    result.node = read_list(context, where, *object, verb, result.broken);
  } else if (verb == "block") {
    result.node = std::make_unique<BlockNode>(
        read_block(context, PointerChain(where, verb), *object->find(verb), 0, result.broken));
  } else if (verb == "full") {
    auto full = read_full(context, where, *object, result.at);
    result.broken = result.broken || full == nullptr;
    if (full != nullptr) result.node = std::move(full);
  } else if (!verb.empty()) {
    result.node = read_source(context, where, *object, verb, result.broken);
  }
  result.modifiers = read_modifiers(context, where, *object, result.broken);
  return result;
}

}  // namespace ndcat
