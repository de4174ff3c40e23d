// The root of a manifest: its one expression, and the keys that only the root takes.
#include <algorithm>
#include <array>
#include <string>
#include <utility>

#include "manifests/parse/parse_description.h"
#include "manifests/parse/parse_expression.h"
#include "manifests/texts/utf8.h"

namespace ndcat {
namespace {

constexpr std::array<std::string_view, 8> kRootKeys{"order",    "views",   "mode",  "append",
                                                    "defaults", "$schema", "title", "description"};

/// "order" of a root whose verb combines: the memory order of the virtual file.
std::optional<Order> read_memory_order(const ParseContext& context, const PointerChain& where,
                                       const JsonValue& value) {
  constexpr const char* kExpected = "\"K\" (as NumPy's result), \"C\" or \"F\"";
  const std::string* const text = context.text(where, value, kExpected);
  if (text == nullptr || *text == "K") return std::nullopt;
  if (*text == "C") return Order::c;
  if (*text == "F") return Order::f;
  context.problem(where, position(value), in_quotes(*text) + " is no memory order; expected " + kExpected);
  return std::nullopt;
}

std::optional<ViewKind> view_named(const std::string& name) {
  if (name == "npy") return ViewKind::npy;
  if (name == "raw") return ViewKind::raw;
  if (name == "json") return ViewKind::json;
  return std::nullopt;
}

std::vector<ViewKind> read_views(const ParseContext& context, const PointerChain& where,
                                 const JsonValue& value) {
  constexpr const char* kExpected = "\"npy\", \"raw\" or \"json\"";
  std::vector<ViewKind> views;
  const JsonArray* const list = context.list(where, value, "a list of \"npy\", \"raw\" and \"json\"");
  if (list == nullptr) return views;
  for (std::size_t i = 0; i < list->size(); ++i) {
    const PointerChain here(where, i);
    const std::string* const name = context.text(here, (*list)[i], kExpected);
    if (name == nullptr) continue;
    const std::optional<ViewKind> view = view_named(*name);
    if (!view) {
      context.problem(here, position((*list)[i]), in_quotes(*name) + " is no view; expected " + kExpected);
    } else if (std::find(views.begin(), views.end(), *view) != views.end()) {
      context.problem(here, position((*list)[i]), in_quotes(*name) + " stands here twice");
    } else {
      views.push_back(*view);
    }
  }
  if (list->empty()) {
    context.problem(where, position(value), "an empty list: the manifest would show no file at all");
  } else if (views.size() == 1 && list->size() == 1 && views[0] == ViewKind::json) {
    context.problem(where, position(value),
                    "\"json\" alone describes a file that is not there; add \"raw\", which it describes");
  }
  std::sort(views.begin(), views.end());
  return views;
}

RawDescription read_defaults(const ParseContext& context, const PointerChain& where, JsonValue& value) {
  constexpr std::array<std::string_view, 4> kKeys{"dtype", "shape", "order", "offset"};
  RawDescription raw;
  raw.has_stray = true;
  JsonObject* const object = context.object(where, value, "a raw description: an object");
  if (object == nullptr) return raw;
  const bool has_stray = check_keys(context, where, *object, kKeys, "\"defaults\"");
  raw = read_description(context, where, *object);
  raw.has_stray = has_stray;
  return raw;
}

Access read_mode(const ParseContext& context, const PointerChain& where, const JsonValue& value) {
  constexpr const char* kExpected = "\"r\" or \"r+\"";
  const std::string* const text = context.text(where, value, kExpected);
  if (text == nullptr || *text == "r") return Access::read;
  if (*text != "r+") {
    context.problem(where, position(value), in_quotes(*text) + " is no mode; expected " + kExpected);
  }
  return Access::read_write;
}

/// The mode has been read before.
void read_append(const ParseContext& context, const PointerChain& where, const JsonValue& value,
                 ManifestTree& tree) {
  const std::string* const name = context.text(where, value, "the name of the source that grows");
  if (name == nullptr) return;
  tree.append = {*name, position(value)};
  if (tree.access == Access::read) {
    context.problem(where, position(value),
                    "what is appended is written: it needs \"mode\": \"r+\" beside it");
  }
}

void read_root_keys(const ParseContext& context, const PointerChain& root, JsonObject& object,
                    ManifestTree& tree) {
  const auto with = [&](std::string_view key, const auto& reader) {
    if (JsonValue* const value = object.find(key)) reader(PointerChain(root, key), *value);
  };
  using Where = const PointerChain&;
  using Value = JsonValue&;
  with("defaults", [&](Where here, Value value) { tree.defaults = read_defaults(context, here, value); });
  with("views", [&](Where here, Value value) { tree.views = read_views(context, here, value); });
  with("mode", [&](Where here, Value value) { tree.access = read_mode(context, here, value); });
  with("append", [&](Where here, Value value) { read_append(context, here, value, tree); });
  // The "order" of a root that is itself a source is part of its description: how the file is read.
  if (object.find("path") == nullptr && object.find("glob") == nullptr) {
    with("order", [&](Where here, Value value) { tree.order = read_memory_order(context, here, value); });
  }
  with("title", [&](Where here, Value value) {
    if (const std::string* const text = context.text(here, value, "a text")) tree.title = *text;
  });
  with("description", [&](Where here, Value value) {
    if (const std::string* const text = context.text(here, value, "a text")) tree.description = *text;
  });
  with("$schema", [&](Where here, Value value) { context.text(here, value, "the address of a schema"); });
}

}  // namespace

std::optional<ManifestTree> read_manifest(std::string_view text, const std::string& file,
                                          ProblemList& problems) {
  JsonText json = parse_json(text, file);
  for (Problem& problem : json.problems) problems.add(std::move(problem));
  if (json.root == nullptr) return std::nullopt;
  const ParseContext context{file, problems};
  const PointerChain root;
  JsonObject* const object =
      context.object(root, *json.root, "a manifest, which is an object such as {\"concatenate\": [...]}");
  if (object == nullptr) return std::nullopt;
  ManifestTree tree;
  read_expression(context, root, *json.root, tree.root, kRootKeys);
  read_root_keys(context, root, *object, tree);
  return tree;
}

}  // namespace ndcat
