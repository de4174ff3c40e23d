#include "manifests/parse/parse_expression.h"

#include <algorithm>
#include <array>
#include <utility>

#include "manifests/parse/parse_description.h"
#include "manifests/texts/suggestion.h"
#include "manifests/texts/utf8.h"

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

// Expressions nest deeply, and the stack is bounded: the functions that call each other on the way down leave
// everything else to functions of their own.

[[gnu::noinline]] const JsonArray* items_of(const ParseContext& context, const PointerChain& where,
                                            const JsonValue& list) {
  const auto* const text = std::get_if<std::string>(&list.value);
  if (text != nullptr) {
    context.problem(where, position(list), "expected a list of sources; write [" + in_quotes(*text) + "]");
    return nullptr;
  }
  const JsonArray* const items = context.list(where, list, "a list of sources");
  if (items == nullptr || !items->empty()) return items;
  context.problem(where, position(list), "an empty list: at least one source is needed");
  return nullptr;
}

[[gnu::noinline]] void read_axis(const ParseContext& context, const PointerChain& where,
                                 const JsonObject& object, ListExpression& list, bool& broken) {
  const JsonValue* const axis = object.find("axis");
  if (axis == nullptr) return;
  list.axis_at = position(*axis);
  const auto* const number = std::get_if<JsonNumber>(&axis->value);
  const std::optional<Index> value = number != nullptr ? number->as_index() : std::nullopt;
  list.axis = value.value_or(0);
  if (value) return;
  context.problem(PointerChain(where, "axis"), position(*axis),
                  std::string("expected a whole number, found ") +
                      (number != nullptr ? number->text : axis->type_name()));
  broken = true;
}

void read_list(const ParseContext& context, const PointerChain& where, const JsonObject& object,
               std::string_view verb, ListExpression& result, bool& broken) {
  const JsonValue& value = *object.find(verb);
  result.is_stack = verb == "stack";
  result.items_at = result.axis_at = position(value);
  read_axis(context, where, object, result, broken);
  const PointerChain here(where, verb);
  const JsonArray* const items = items_of(context, here, value);
  if (items == nullptr) {
    broken = true;
    return;
  }
  result.items.reserve(items->size());
  for (std::size_t i = 0; i < items->size(); ++i) {
    read_expression(context, PointerChain(here, i), (*items)[i], result.items.emplace_back());
  }
}

[[gnu::noinline]] void check_block_list(const ParseContext& context, const PointerChain& where,
                                        TextPosition at, const JsonArray& list, int depth, bool& broken) {
  if (list.empty()) {
    context.problem(where, at, "an empty list in \"block\": at least one source is needed");
    broken = true;
  }
  if (depth >= kMaxRank) {
    context.problem(
        where, at, "lists nested deeper than " + std::to_string(kMaxRank) + " levels, NumPy's limit of axes");
    broken = true;
  }
}

void read_block(const ParseContext& context, const PointerChain& where, const JsonValue& value, int depth,
                BlockNode& node, bool& broken) {
  node.at = position(value);
  const auto* const list = std::get_if<JsonArray>(&value.value);
  if (list == nullptr) {
    node.leaf = std::make_unique<Expression>();
    read_expression(context, where, value, *node.leaf);
    return;
  }
  check_block_list(context, where, node.at, *list, depth, broken);
  if (depth >= kMaxRank) return;
  node.list.resize(list->size());
  for (std::size_t i = 0; i < list->size(); ++i) {
    read_block(context, PointerChain(where, i), (*list)[i], depth + 1, node.list[i], broken);
  }
}

[[gnu::noinline]] void read_name(const ParseContext& context, const PointerChain& where,
                                 const std::string& text, Expression& result) {
  result.broken = text.empty() || text.find('\0') != std::string::npos;
  if (result.broken) {
    context.problem(where, result.at,
                    text.empty() ? "the name is empty" : "a zero character in the name; no file has one");
  }
  SourceExpression source;
  if (!result.broken) source.name = text;
  source.is_glob = is_pattern(text);
  result.node = std::move(source);
}

/// The verb of the object at `value`, after all its keys have been checked; empty when it has none.
[[gnu::noinline]] std::string_view check_object(const ParseContext& context, const PointerChain& where,
                                                const JsonValue& value,
                                                std::span<const std::string_view> extra_keys, bool& broken) {
  broken = true;
  if (std::holds_alternative<JsonArray>(value.value)) {
    context.problem(
        where, position(value),
        "a list where a source was expected; combine several sources with {\"concatenate\": [...]}");
    return {};
  }
  const JsonObject* const object = context.object(where, value, kSource);
  if (object == nullptr) return {};
  const std::string_view verb = find_verb(context, where, *object, position(value));
  std::vector<std::string_view> keys;
  if (verb.empty()) {
    // Only what is no key at all is reported: the others may be right once the verb is.
    keys = {"axis", "shape", "dtype", "order", "offset", "missing"};
    keys.insert(keys.end(), kVerbs.begin(), kVerbs.end());
  } else {
    keys = keys_of(verb);
    keys.insert(keys.begin(), verb);
  }
  keys.insert(keys.end(), {"select", "transpose", "astype"});
  for (const std::string_view key : extra_keys) {
    if (std::find(keys.begin(), keys.end(), key) == keys.end()) keys.push_back(key);
  }
  const bool known = check_keys(context, where, *object, keys, verb.empty() ? "" : in_quotes(verb));
  broken = !known || verb.empty();
  return verb;
}

[[gnu::noinline]] void read_leaf(const ParseContext& context, const PointerChain& where,
                                 const JsonObject& object, std::string_view verb, Expression& result) {
  if (verb == "full") {
    auto full = read_full(context, where, object, result.at);
    if (full == nullptr) {
      result.broken = true;
    } else {
      result.node = std::move(full);
    }
  } else {
    result.node = read_source(context, where, object, verb, result.broken);
  }
}

}  // namespace

bool is_pattern(std::string_view text) { return text.find_first_of("*?[{") != std::string_view::npos; }

void read_expression(const ParseContext& context, const PointerChain& where, const JsonValue& value,
                     Expression& result, std::span<const std::string_view> extra_keys) {
  result.at = position(value);
  if (const auto* const text = std::get_if<std::string>(&value.value)) {
    read_name(context, where, *text, result);
    return;
  }
  const std::string_view verb = check_object(context, where, value, extra_keys, result.broken);
  if (!std::holds_alternative<JsonObject>(value.value)) return;
  const JsonObject& object = std::get<JsonObject>(value.value);
  if (verb == "concatenate" || verb == "stack") {
    read_list(context, where, object, verb, result.node.emplace<ListExpression>(), result.broken);
  } else if (verb == "block") {
    auto& node = result.node.emplace<std::unique_ptr<BlockNode>>(std::make_unique<BlockNode>());
    read_block(context, PointerChain(where, verb), *object.find(verb), 0, *node, result.broken);
  } else if (!verb.empty()) {
    read_leaf(context, where, object, verb, result);
  }
  result.modifiers = read_modifiers(context, where, object, result.broken);
}

}  // namespace ndcat
