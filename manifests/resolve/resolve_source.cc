// Sources: strings, "path" and "glob". Which files they name, how each file is to be read, and what to do
// without it.
#include <algorithm>
#include <string>
#include <utility>

#include "manifests/resolve/neighbour_fill.h"
#include "manifests/resolve/resolver.h"
#include "manifests/texts/printable.h"
#include "manifests/texts/utf8.h"
#include "manifests/words/brace.h"
#include "manifests/words/fill_value.h"

namespace ndcat {
namespace {

constexpr Index kHeadBytes = 256;           // most NumPy headers are 128 bytes long
constexpr std::size_t kLongestName = 4096;  // bytes, the system's limit
constexpr std::size_t kPrefetched = 1024;

const RawDescription& own_description(const SourceExpression& source) {
  static const RawDescription kNone;
  return source.options != nullptr ? source.options->raw : kNone;
}

/// Key by key, the nearest wins.
RawDescription with_defaults(RawDescription own, const RawDescription& defaults) {
  if (!own.dtype.is_there()) own.dtype = defaults.dtype;
  if (!own.shape.is_there()) own.shape = defaults.shape;
  if (!own.order.is_there()) own.order = defaults.order;
  if (!own.offset.is_there()) own.offset = defaults.offset;
  // A description that says all there is to say does not mind what is wrong with the defaults.
  const bool complete = own.dtype.value && own.shape.value && own.order.value && own.offset.value;
  own.has_stray = own.has_stray || (defaults.has_stray && !complete);
  return own;
}

}  // namespace

Outline outline_of(const RawDescription& raw) { return {raw.shape.value, raw.dtype.value}; }

namespace {

/// What the manifest itself says of a source whose file could not be had.
Outline without_file(const ManifestScope& scope, const SourceExpression& source) {
  const RawDescription& own = own_description(source);
  const RawDescription raw = with_defaults(own, scope.tree.defaults);
  // Without a dtype, what is merely inherited does not describe a file that describes itself.
  const bool is_inherited = raw.dtype.is_there() && (own.dtype.is_there() || !source.name.ends_with(".json"));
  return outline_of(is_inherited ? raw : own);
}

}  // namespace

void Resolver::prefetch(const ManifestScope& scope, std::span<const Expression> items) {
  std::vector<std::string> paths;
  for (const Expression& item : items.first(std::min(items.size(), kPrefetched))) {
    const auto* const source = std::get_if<SourceExpression>(&item.node);
    if (source != nullptr && !source->is_glob && !source->name.empty())
      paths.push_back(scope.path_of(source->name));
  }
  probe_.prefetch(paths, scope.tree.defaults.dtype.value ? 0 : kHeadBytes);
}

void Resolver::prefetch(const ManifestScope& scope, const SourceExpression& glob,
                        std::span<const std::string> names) {
  std::vector<std::string> paths;
  for (const std::string& name : names.first(std::min(names.size(), kPrefetched)))
    paths.push_back(scope.path_of(name));
  const bool is_described = own_description(glob).dtype.value || scope.tree.defaults.dtype.value;
  probe_.prefetch(paths, is_described ? 0 : kHeadBytes);
}

void Resolver::source(ManifestScope& scope, const Expression& expression, const Spot& spot, ArraySink& sink) {
  const auto& named = std::get<SourceExpression>(expression.node);
  if (arrays_ > kMostArrays || (named.name.empty() && named.is_glob)) {
    sink.failed();
  } else if (named.name.empty()) {
    hand_over(scope, expression, Found(without_file(scope, named)), {spot, ""}, sink);
  } else if (named.is_glob) {
    matches(scope, expression, spot, sink);
  } else {
    file(scope, expression, {spot, named.name, false}, sink);
  }
}

void Resolver::matches(ManifestScope& scope, const Expression& expression, const Spot& spot,
                       ArraySink& sink) {
  const auto& glob = std::get<SourceExpression>(expression.node);
  const Item whole{spot, "", false};
  const Result<std::vector<std::string>> patterns = expand_braces(glob.name);
  if (!patterns) {
    problem(scope, whole, in_quotes(glob.name) + ": " + patterns.error().message);
    sink.failed();
    return;
  }
  std::vector<std::string> written_out;  // names without wildcards, a run of which is looked up together
  for (const std::string& pattern : *patterns) {
    if (pattern.empty() || pattern.size() > kLongestName) {
      problem(scope, whole,
              pattern.empty() ? in_quotes(glob.name) + ": its braces also stand for the empty name"
                              : in_quotes(pattern) + " is longer than a path can be (4096 bytes)");
      sink.failed();
    } else if (!has_wildcard(pattern)) {
      written_out.push_back(remove_backslashes(pattern));
    } else {
      files(scope, expression, spot, std::exchange(written_out, {}), sink);
      search(scope, expression, spot, pattern, sink);
    }
  }
  files(scope, expression, spot, written_out, sink);
}

void Resolver::files(ManifestScope& scope, const Expression& expression, const Spot& spot,
                     std::span<const std::string> names, ArraySink& sink) {
  const auto& glob = std::get<SourceExpression>(expression.node);
  for (std::size_t i = 0; i < names.size() && arrays_ <= kMostArrays; ++i) {
    if (i % kPrefetched == 0) prefetch(scope, glob, names.subspan(i));
    file(scope, expression, {spot, names[i], true}, sink);
  }
}

void Resolver::search(ManifestScope& scope, const Expression& expression, const Spot& spot,
                      const std::string& pattern, ArraySink& sink) {
  const auto& glob = std::get<SourceExpression>(expression.node);
  const Item whole{spot, ""};
  const GlobFinder::Found found = scope.finder.find(pattern);
  for (const std::string& error : found.errors) {
    problem(scope, whole, in_quotes(pattern) + ": " + printable_name(error));
    sink.failed();
  }
  files(scope, expression, spot, found.names, sink);
  if (!found.names.empty() || !found.errors.empty()) return;
  const MissingRule::Kind rule =
      glob.options != nullptr ? glob.options->missing.kind : MissingRule::Kind::error;
  if (rule == MissingRule::Kind::skip) return sink.skipped();
  if (rule != MissingRule::Kind::unknown) {
    problem(scope, whole,
            "no file matches " + in_quotes(pattern) + " (relative to the manifest's own folder)" +
                (rule == MissingRule::Kind::fill
                     ? "; only names that are written out, as in {000..119}, can be filled"
                     : ""));
  }
  sink.failed();
}

void Resolver::file(ManifestScope& scope, const Expression& expression, const Item& item, ArraySink& sink) {
  const auto& source = std::get<SourceExpression>(expression.node);
  const RawDescription& own = own_description(source);
  const RawDescription raw = with_defaults(own, scope.tree.defaults);
  // A description that a manifest merely inherits is meant for the raw files beside it.
  const bool may_be_manifest = !own.dtype.is_there() && item.name.ends_with(".json");
  const std::string path = scope.path_of(item.name);
  if (is_tail(scope, item)) ++tails_met_;
  const ProbedFile probed = probe_.source(path, raw.dtype.value && !may_be_manifest ? 0 : kHeadBytes);
  if (probed.failure == ProbeFailure::absent) {
    absent(scope, expression, item, probed.reason, sink);
    return;
  }
  const auto found = std::make_unique<Found>();  // on the heap: manifests nest deeply
  if (probed.failure == ProbeFailure::none) {
    *found = read_file(scope, raw, own, item, probed);
  } else {
    problem(scope, item, probed.reason);
    found->outline = without_file(scope, source);
  }
  hand_over(scope, expression, std::move(*found), item, sink);
}

namespace {

/// The dtype that a source has after its modifiers, as far as it says so itself: what it merely inherits is
/// meant for files that are there.
std::optional<Dtype> own_dtype(const RawDescription& own, const Modifiers* modifiers) {
  if (modifiers != nullptr && modifiers->broken.astype) return std::nullopt;
  if (modifiers != nullptr && modifiers->astype) return modifiers->astype->value;
  return own.dtype.value;
}

}  // namespace

void Resolver::absent(ManifestScope& scope, const Expression& expression, const Item& item,
                      const std::string& reason, ArraySink& sink) {
  const auto& source = std::get<SourceExpression>(expression.node);
  const RawDescription raw = with_defaults(own_description(source), scope.tree.defaults);
  const MissingRule rule = source.options != nullptr ? source.options->missing : MissingRule{};
  if (rule.kind == MissingRule::Kind::skip) return sink.skipped();
  if (rule.kind == MissingRule::Kind::unknown) {
    return hand_over(scope, expression, Found(without_file(scope, source)), item, sink);
  }
  if (rule.kind == MissingRule::Kind::error) {
    problem(scope, item,
            reason + (source.is_glob && !has_wildcard(source.name)
                          ? " (every name that the braces stand for must exist)"
                          : ""));
    return hand_over(scope, expression, Found(without_file(scope, source)), item, sink);
  }
  const bool may_be_complete = (raw.dtype.is_there() && raw.shape.is_there()) || raw.has_stray;
  const bool has_unknown_extent =
      raw.shape.value &&
      std::find(raw.shape.value->begin(), raw.shape.value->end(), -1) != raw.shape.value->end();
  if (!may_be_complete || has_unknown_extent) {
    return sink.missing(item, {rule.fill, own_dtype(own_description(source), expression.modifiers.get())});
  }
  hand_over(scope, expression, filled(scope, raw, item, *rule.fill), item, sink);
}

Found Resolver::filled(const ManifestScope& scope, const RawDescription& raw, const Item& item,
                       const JsonValue& value) {
  const auto outlined = [&raw] { return Found(outline_of(raw)); };
  if (!raw.dtype.value) return outlined();
  JsonMistakes mistakes;
  const std::optional<std::vector<std::byte>> element = fill_element(value, *raw.dtype.value, mistakes);
  for (const JsonMistake& mistake : mistakes) {
    const Label label = fill_label({{item.spot.where.text(), 0, 0}, item.prefix(), ""}, value, *mistake.at);
    problems_.add({scope.shown_as, label.place, label.prefix + mistake.message});
  }
  if (!element || !raw.shape.value) return outlined();
  Shape shape = *raw.shape.value;
  const bool fortran = raw.order.value == Order::f;
  if (fortran) shape.reverse();
  Result<ArrayView> made = full_view(*raw.dtype.value, shape, *element);
  if (made && fortran) made = transpose(std::move(*made), std::nullopt);
  if (!made) problem(scope, item, made.error().message);
  if (!made || !count_array(scope, item, 1)) return outlined();
  return Found(std::move(*made));
}

}  // namespace ndcat
