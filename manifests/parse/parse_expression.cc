#include "manifests/parse/parse_expression.h"

#include <algorithm>
#include <array>
#include <utility>

#include "manifests/parse/parse_description.h"
#include "manifests/texts/suggestion.h"
#include "manifests/texts/utf8.h"

namespace ndcat {
namespace {

constexpr const char* kSource = "a source: a string, or an object with a verb";

constexpr std::array<std::string_view, 3> kModifiers{"select", "transpose", "astype"};

/// The keys beside each verb, the modifiers (which all take) left out.
std::vector<std::string_view> keys_of(std::string_view verb) {
  if (verb == "concatenate" || verb == "stack") return {"axis"};
  if (verb == "full") return {"shape", "dtype"};
  if (verb == "block") return {};
  return {"dtype", "shape", "order", "offset", "missing"};
}

bool is_verb(std::string_view key) { return std::find(kVerbs.begin(), kVerbs.end(), key) != kVerbs.end(); }

/// Whether a value is of the kind that the verb takes, so that it can be read as it was meant.
bool is_value_of(std::string_view verb, const JsonValue& value) {
  if (verb == "path" || verb == "glob") return std::holds_alternative<std::string>(value.value);
  return verb != "full" && std::holds_alternative<JsonArray>(value.value);
}

/// What an object's keys say that it is.
struct Verbs {
  std::vector<std::string_view> named;
  /// There is none, but a word that another program has for one: its value is read, its meaning is not known.
  bool is_guess = false;
};

/// In an object without a verb: the slip of one, which gets the verb's name, or another word for one.
/// Reported.
Verbs find_slip(const ParseContext& context, const PointerChain& where, JsonObject& object) {
  for (std::size_t i = 0; i < object.members.size(); ++i) {
    JsonMember& member = object.members[i];
    const std::optional<std::string_view> meant = verb_meant_by(member.key);
    if (!meant || is_verb(member.key)) continue;
    const bool is_slip = nearest_word(member.key, kVerbs) == meant;
    context.problem(PointerChain(where, member.key), position(member),
                    in_quotes(member.key) + ": unknown key; did you mean " + in_quotes(*meant) + "?");
    if (!is_slip && !is_value_of(*meant, object.values[i])) return {{}, true};
    member.key = *meant;
    return {{*meant}, !is_slip};
  }
  return {};
}

/// The verbs of the object; more or less than one has been reported.
Verbs find_verbs(const ParseContext& context, const PointerChain& where, JsonObject& object) {
  Verbs verbs;
  for (const JsonMember& member : object.members) {
    if (!is_verb(member.key)) continue;
    const auto* const known = std::find(kVerbs.begin(), kVerbs.end(), member.key);
    if (std::find(verbs.named.begin(), verbs.named.end(), *known) != verbs.named.end()) continue;
    if (!verbs.named.empty()) {
      context.problem(PointerChain(where, member.key), position(member),
                      "a second verb, " + in_quotes(*known) + ", beside " + in_quotes(verbs.named[0]) +
                          "; an object has exactly one (a list of objects can hold both)");
    }
    verbs.named.push_back(*known);
  }
  return verbs.named.empty() ? find_slip(context, where, object) : verbs;
}

/// Reports the keys that do not belong to an object with these verbs; true when there are strays among them.
bool check_keys_of(const ParseContext& context, const PointerChain& where, JsonObject& object,
                   const Verbs& verbs, std::span<const std::string_view> extra_keys) {
  std::vector<std::string_view> keys;
  const auto add = [&keys](std::span<const std::string_view> more) {
    for (const std::string_view key : more) {
      if (std::find(keys.begin(), keys.end(), key) == keys.end()) keys.push_back(key);
    }
  };
  add(verbs.named);
  for (const std::string_view verb : verbs.named) add(keys_of(verb));
  // In an object without a verb only what is no key at all is reported: the others may be right once the verb
  // is.
  if (verbs.named.empty()) add(keys_of("path"));
  if (verbs.named.empty() || verbs.is_guess) add(keys_of("concatenate"));
  add(kModifiers);
  add(extra_keys);
  const std::string owner = verbs.named.empty()       ? ""
                            : verbs.named.size() == 1 ? in_quotes(verbs.named[0])
                                                      : "this object";
  return check_keys(context, where, object, keys, owner);
}

/// The name that stands at a verb; empty after a problem.
std::string read_file_name(const ParseContext& context, const PointerChain& where, const JsonValue& value,
                           bool is_glob) {
  const std::string* const text =
      context.text(where, value, is_glob ? "a pattern, such as \"part-*.npy\"" : "the name of a file");
  if (text == nullptr) return "";
  if (text->empty()) context.problem(where, position(value), "the name is empty");
  if (text->find('\0') == std::string::npos) return *text;
  context.problem(where, position(value), "a zero character in the name; no file has one");
  return "";
}

SourceExpression read_source(const ParseContext& context, const PointerChain& where, JsonObject& object,
                             std::string_view verb, bool has_stray) {
  SourceExpression source;
  source.is_glob = verb == "glob";
  source.name = read_file_name(context, PointerChain(where, verb), *object.find(verb), source.is_glob);
  auto options = std::make_unique<SourceExpression::Options>();
  options->raw = read_description(context, where, object);
  options->raw.has_stray = has_stray;
  options->missing = read_missing(context, where, object);
  source.options = std::move(options);
  return source;
}

// Expressions nest deeply, and the stack is bounded: the functions that call each other on the way down leave
// everything else to functions of their own.

[[gnu::noinline]] JsonArray* items_of(const ParseContext& context, const PointerChain& where,
                                      JsonValue& list) {
  const auto* const text = std::get_if<std::string>(&list.value);
  if (text != nullptr) {
    context.problem(where, position(list), "expected a list of sources; write [" + in_quotes(*text) + "]");
    return nullptr;
  }
  JsonArray* const items = context.list(where, list, "a list of sources");
  if (items == nullptr || !items->empty()) return items;
  context.problem(where, position(list), "an empty list: at least one source is needed");
  return nullptr;
}

[[gnu::noinline]] void read_axis(const ParseContext& context, const PointerChain& where,
                                 const JsonObject& object, ListExpression& list) {
  const JsonValue* const axis = object.find("axis");
  if (axis == nullptr) return;
  list.axis_at = position(*axis);
  const auto* const number = std::get_if<JsonNumber>(&axis->value);
  list.axis = number != nullptr ? number->as_index() : std::nullopt;
  if (list.axis) return;
  context.problem(PointerChain(where, "axis"), position(*axis),
                  std::string("expected a whole number, found ") +
                      (number != nullptr ? number->text : axis->type_name()));
}

void read_list(const ParseContext& context, const PointerChain& where, JsonObject& object,
               std::string_view verb, ListExpression& result) {
  JsonValue& value = *object.find(verb);
  result.is_stack = verb == "stack";
  result.items_at = result.axis_at = position(value);
  const PointerChain here(where, verb);
  JsonArray* const items = items_of(context, here, value);
  if (items == nullptr) return;
  result.items.reserve(items->size());
  for (std::size_t i = 0; i < items->size(); ++i) {
    read_expression(context, PointerChain(here, i), (*items)[i], result.items.emplace_back());
  }
}

[[gnu::noinline]] void check_block_list(const ParseContext& context, const PointerChain& where,
                                        TextPosition at, const JsonArray& list, int depth) {
  if (list.empty()) {
    context.problem(where, at, "an empty list in \"block\": at least one source is needed");
  }
  if (depth >= kMaxRank) {
    context.problem(
        where, at, "lists nested deeper than " + std::to_string(kMaxRank) + " levels, NumPy's limit of axes");
  }
}

void read_block(const ParseContext& context, const PointerChain& where, JsonValue& value, int depth,
                BlockNode& node) {
  node.at = position(value);
  auto* const list = std::get_if<JsonArray>(&value.value);
  if (list == nullptr) {
    node.leaf = std::make_unique<Expression>();
    read_expression(context, where, value, *node.leaf);
    return;
  }
  check_block_list(context, where, node.at, *list, depth);
  if (depth >= kMaxRank) return;
  node.list.resize(list->size());
  for (std::size_t i = 0; i < list->size(); ++i) {
    read_block(context, PointerChain(where, i), (*list)[i], depth + 1, node.list[i]);
  }
}

[[gnu::noinline]] void read_name(const ParseContext& context, const PointerChain& where,
                                 const JsonValue& value, Expression& result) {
  const std::string& text = std::get<std::string>(value.value);
  SourceExpression source;
  source.is_glob = is_pattern(text);
  source.name = read_file_name(context, where, value, source.is_glob);
  result.node = std::move(source);
}

/// `value` as an object; null after a problem.
[[gnu::noinline]] JsonObject* source_object(const ParseContext& context, const PointerChain& where,
                                            JsonValue& value) {
  if (!std::holds_alternative<JsonArray>(value.value)) return context.object(where, value, kSource);
  context.problem(
      where, position(value),
      "a list where a source was expected; combine several sources with {\"concatenate\": [...]}");
  return nullptr;
}

/// What the object's keys say of it, all of them checked.
struct Keys {
  Verbs verbs;
  bool has_stray = false;
};
[[gnu::noinline]] Keys read_keys(const ParseContext& context, const PointerChain& where, JsonObject& object,
                                 TextPosition at, std::span<const std::string_view> extra_keys) {
  Keys keys;
  keys.verbs = find_verbs(context, where, object);
  const bool has_verb = !keys.verbs.named.empty() || keys.verbs.is_guess;
  keys.has_stray = check_keys_of(context, where, object, keys.verbs, extra_keys);
  // A key that is none at all may have been meant for the verb.
  if (!has_verb && !keys.has_stray) {
    context.problem(where, at, std::string("no verb in this object; it needs ") + kVerbList);
  }
  return keys;
}

[[gnu::noinline]] void read_leaf(const ParseContext& context, const PointerChain& where, JsonObject& object,
                                 std::string_view verb, bool has_stray, Expression& result) {
  if (verb == "full") {
    result.node = read_full(context, where, object, result.at, has_stray);
  } else {
    result.node = read_source(context, where, object, verb, has_stray);
  }
}

/// The sources below one of several verbs; what stands beside it is not known to be its own.
void read_sources(const ParseContext& context, const PointerChain& where, JsonObject& object,
                  std::string_view verb, Expression& result) {
  result.at = position(*object.find(verb));
  if (verb == "concatenate" || verb == "stack") {
    auto& list = result.node.emplace<ListExpression>();
    read_list(context, where, object, verb, list);
    list.axis = std::nullopt;
  } else if (verb == "block") {
    auto& node = result.node.emplace<std::unique_ptr<BlockNode>>(std::make_unique<BlockNode>());
    read_block(context, PointerChain(where, verb), *object.find(verb), 0, *node);
  } else if (verb != "full") {
    SourceExpression source;
    source.is_glob = verb == "glob";
    source.name = read_file_name(context, PointerChain(where, verb), *object.find(verb), source.is_glob);
    result.node = std::move(source);
  }
}

}  // namespace

bool is_pattern(std::string_view text) { return text.find_first_of("*?[{") != std::string_view::npos; }

void read_expression(const ParseContext& context, const PointerChain& where, JsonValue& value,
                     Expression& result, std::span<const std::string_view> extra_keys) {
  result.at = position(value);
  if (std::holds_alternative<std::string>(value.value)) {
    read_name(context, where, value, result);
    return;
  }
  JsonObject* const object = source_object(context, where, value);
  if (object == nullptr) return;
  const auto keys = std::make_unique<Keys>(read_keys(context, where, *object, result.at, extra_keys));
  const std::vector<std::string_view>& verbs = keys->verbs.named;
  if (verbs.size() > 1) {
    read_description(context, where, *object);
    read_missing(context, where, *object);
    auto& readings = result.node.emplace<std::vector<Expression>>(verbs.size());
    for (std::size_t i = 0; i < verbs.size(); ++i)
      read_sources(context, where, *object, verbs[i], readings[i]);
  } else if (!verbs.empty() && (verbs[0] == "concatenate" || verbs[0] == "stack")) {
    auto& list = result.node.emplace<ListExpression>();
    read_list(context, where, *object, verbs[0], list);
    if (keys->verbs.is_guess) list.axis = std::nullopt;
    read_axis(context, where, *object, list);
  } else if (!verbs.empty() && verbs[0] == "block") {
    auto& node = result.node.emplace<std::unique_ptr<BlockNode>>(std::make_unique<BlockNode>());
    read_block(context, PointerChain(where, verbs[0]), *object->find(verbs[0]), 0, *node);
  } else if (!verbs.empty()) {
    read_leaf(context, where, *object, verbs[0], keys->has_stray, result);
  }
  result.modifiers = read_modifiers(context, where, *object);
}

}  // namespace ndcat
