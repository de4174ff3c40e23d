#include "manifests/parse/parse_context.h"

#include <algorithm>
#include <utility>

#include "manifests/texts/suggestion.h"
#include "manifests/texts/utf8.h"

namespace ndcat {
namespace {

struct KeyHome {
  std::string_view key, home;
};

/// Where each key of the language belongs, for those that stand elsewhere.
constexpr KeyHome kHomes[] = {
    {"axis", "it goes with \"concatenate\" and \"stack\""},
    {"shape", "it goes with \"path\", \"glob\", \"full\" and \"defaults\""},
    {"dtype", "it goes with \"path\", \"glob\", \"full\" and \"defaults\"; to convert, use \"astype\""},
    {"order", "it goes with \"path\", \"glob\", \"defaults\" and the root of a manifest"},
    {"offset", "it goes with \"path\", \"glob\" and \"defaults\""},
    {"missing", "it goes with \"path\" and \"glob\""},
    {"views", "only the root of a manifest takes it"},
    {"mode", "only the root of a manifest takes it"},
    {"append", "only the root of a manifest takes it"},
    {"defaults", "only the root of a manifest takes it"},
    {"title", "only the root of a manifest takes it"},
    {"description", "only the root of a manifest takes it"},
    {"$schema", "only the root of a manifest takes it"},
    {"select", "it goes with a verb"},
    {"transpose", "it goes with a verb"},
    {"astype", "it goes with a verb"},
};

/// Words of other programs, and of NumPy itself, for what a verb here does.
constexpr KeyHome kOtherWords[] = {
    {"concat", "concatenate"}, {"cat", "concatenate"},    {"join", "concatenate"},
    {"vstack", "concatenate"}, {"hstack", "concatenate"}, {"sources", "concatenate"},
    {"files", "concatenate"},  {"inputs", "concatenate"}, {"arrays", "concatenate"},
    {"dstack", "stack"},       {"blocks", "block"},       {"constant", "full"},
    {"fill", "full"},          {"zeros", "full"},         {"ones", "full"},
    {"file", "path"},          {"source", "path"},        {"filename", "path"},
    {"name", "path"},          {"pattern", "glob"},       {"paths", "glob"},
};

/// Of a key that the language has elsewhere; null for others.
const KeyHome* home_of(std::string_view key) {
  const auto* const home = std::find_if(std::begin(kHomes), std::end(kHomes),
                                        [key](const KeyHome& entry) { return entry.key == key; });
  return home != std::end(kHomes) ? home : nullptr;
}

std::string unknown_key(std::string_view key, std::span<const std::string_view> allowed,
                        std::string_view owner) {
  if (const KeyHome* const home = home_of(key)) {
    return in_quotes(key) + ": not a key of " + (owner.empty() ? "this object" : std::string(owner)) + "; " +
           std::string(home->home);
  }
  std::string message = in_quotes(key) + ": unknown key";
  if (owner.empty()) {
    const std::optional<std::string_view> verb = verb_meant_by(key);
    if (verb) return message + "; did you mean " + in_quotes(*verb) + "?";
  }
  const std::string slip = did_you_mean(key, allowed);
  if (!slip.empty()) return message + slip;
  if (owner.empty()) return message + ", and there is no verb in this object; it needs " + kVerbList;
  message += " of " + std::string(owner) + "; it takes ";
  // The first of the keys is the owner itself, where it is a verb.
  const std::size_t first = !allowed.empty() && in_quotes(allowed[0]) == owner ? 1 : 0;
  for (std::size_t i = first; i < allowed.size(); ++i) {
    message += (i == first ? "" : i + 1 == allowed.size() ? " and " : ", ") + in_quotes(allowed[i]);
  }
  return message;
}

}  // namespace

std::optional<std::string_view> verb_meant_by(std::string_view key) {
  const auto* const word = std::find_if(std::begin(kOtherWords), std::end(kOtherWords),
                                        [key](const KeyHome& entry) { return entry.key == key; });
  if (word != std::end(kOtherWords)) return word->home;
  return nearest_word(key, kVerbs);
}

void ParseContext::mistakes(const PointerChain& where, const JsonValue& value,
                            const JsonMistakes& found) const {
  for (const JsonMistake& mistake : found) {
    problems.add({file,
                  {where.text() + pointer_within(value, *mistake.at), mistake.at->line, mistake.at->column},
                  mistake.message});
  }
}

void ParseContext::expected(const PointerChain& where, const JsonValue& found, std::string_view what) const {
  problem(where, position(found), "expected " + std::string(what) + ", found " + found.type_name());
}

const std::string* ParseContext::text(const PointerChain& where, const JsonValue& value,
                                      std::string_view what) const {
  const auto* const found = std::get_if<std::string>(&value.value);
  if (found == nullptr) expected(where, value, what);
  return found;
}

const JsonArray* ParseContext::list(const PointerChain& where, const JsonValue& value,
                                    std::string_view what) const {
  const auto* const found = std::get_if<JsonArray>(&value.value);
  if (found == nullptr) expected(where, value, what);
  return found;
}

JsonArray* ParseContext::list(const PointerChain& where, JsonValue& value, std::string_view what) const {
  auto* const found = std::get_if<JsonArray>(&value.value);
  if (found == nullptr) expected(where, value, what);
  return found;
}

JsonObject* ParseContext::object(const PointerChain& where, JsonValue& value, std::string_view what) const {
  auto* const found = std::get_if<JsonObject>(&value.value);
  if (found == nullptr) expected(where, value, what);
  return found;
}

bool check_keys(const ParseContext& context, const PointerChain& where, JsonObject& object,
                std::span<const std::string_view> allowed, std::string_view owner) {
  bool has_stray = false;
  for (JsonMember& member : object.members) {
    if (std::find(allowed.begin(), allowed.end(), member.key) != allowed.end()) continue;
    context.problem(PointerChain(where, member.key), position(member),
                    unknown_key(member.key, allowed, owner));
    if (home_of(member.key) != nullptr) continue;
    const std::optional<std::string_view> meant = nearest_word(member.key, allowed);
    if (meant && object.find(*meant) == nullptr) {
      member.key = *meant;
    } else {
      has_stray = true;
    }
  }
  return has_stray;
}

}  // namespace ndcat
