// Sources: strings, "path" and "glob". Which files they name, how each file is to be read, and what to do
// without it.
#include <algorithm>
#include <string>
#include <utility>

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
  if (!own.dtype) own.dtype = defaults.dtype;
  if (!own.shape) own.shape = defaults.shape;
  if (!own.order) own.order = defaults.order;
  if (!own.offset) own.offset = defaults.offset;
  // A description that says all there is to say does not mind what is wrong with the defaults.
  const bool complete = own.dtype && own.shape && own.order && own.offset;
  own.broken = own.broken || (defaults.broken && !complete);
  return own;
}

}  // namespace

void Resolver::prefetch(const ManifestScope& scope, std::span<const Expression> items) {
  std::vector<std::string> paths;
  for (const Expression& item : items.first(std::min(items.size(), kPrefetched))) {
    const auto* const source = std::get_if<SourceExpression>(&item.node);
    if (source != nullptr && !source->is_glob && !item.broken) paths.push_back(scope.path_of(source->name));
  }
  probe_.prefetch(paths, scope.tree.defaults.dtype ? 0 : kHeadBytes);
}

void Resolver::prefetch(const ManifestScope& scope, const SourceExpression& glob,
                        std::span<const std::string> names) {
  std::vector<std::string> paths;
  for (const std::string& name : names.first(std::min(names.size(), kPrefetched)))
    paths.push_back(scope.path_of(name));
  const bool is_described = own_description(glob).dtype || scope.tree.defaults.dtype;
  probe_.prefetch(paths, is_described ? 0 : kHeadBytes);
}

void Resolver::source(ManifestScope& scope, const Expression& expression, const Spot& spot, ArraySink& sink) {
  const auto& named = std::get<SourceExpression>(expression.node);
  if (named.name.empty() || arrays_ > kMostArrays) {
    sink.failed();
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
    problem(scope, whole, in_quotes(pattern) + ": cannot search the folder " + printable_name(error));
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
  const bool may_be_manifest = !own.dtype && item.name.ends_with(".json");
  const std::string path = scope.path_of(item.name);
  const ProbedFile probed = probe_.source(path, raw.dtype && !may_be_manifest ? 0 : kHeadBytes);
  if (probed.failure == ProbeFailure::absent) {
    absent(scope, expression, item, probed.reason, sink);
    return;
  }
  if (probed.failure != ProbeFailure::none) {
    problem(scope, item, probed.reason);
    sink.failed();
    return;
  }
  // What a description that was not understood would mean for the file, nobody knows.
  std::optional<ArrayView> view;
  if (!raw.broken) view = read_file(scope, raw, own, item, probed);
  if (view) view = modified(scope, std::move(*view), expression.modifiers.get(), item);
  if (view && !expression.broken) {
    sink.array(std::move(*view), item);
  } else {
    sink.failed();
  }
}

namespace {

/// The dtype that a source has after its modifiers, as far as the manifest itself tells it.
std::optional<Dtype> own_dtype(const RawDescription& raw, const Modifiers* modifiers) {
  if (modifiers != nullptr && modifiers->astype) return modifiers->astype->value;
  if (raw.dtype) return raw.dtype->value;
  return std::nullopt;
}

}  // namespace

void Resolver::absent(ManifestScope& scope, const Expression& expression, const Item& item,
                      const std::string& reason, ArraySink& sink) {
  const auto& source = std::get<SourceExpression>(expression.node);
  const MissingRule rule = source.options != nullptr ? source.options->missing : MissingRule{};
  if (rule.kind == MissingRule::Kind::unknown) return sink.failed();
  if (rule.kind == MissingRule::Kind::skip) return sink.skipped();
  if (rule.kind == MissingRule::Kind::error) {
    problem(scope, item,
            reason + (source.is_glob && !has_wildcard(source.name)
                          ? " (every name that the braces stand for must exist)"
                          : ""));
    return sink.failed();
  }
  const RawDescription raw = with_defaults(source.options->raw, scope.tree.defaults);
  if (raw.broken || expression.broken) return sink.failed();
  const bool described =
      raw.dtype && raw.shape &&
      std::find(raw.shape->value.begin(), raw.shape->value.end(), -1) == raw.shape->value.end();
  if (!described) return sink.missing(item, {rule.fill, own_dtype(raw, expression.modifiers.get())});
  const Result<std::vector<std::byte>> element = fill_element(*rule.fill, raw.dtype->value);
  if (!element) {
    const PointerChain missing(item.spot.where, "missing");
    problems_.add(scope.shown_as, PointerChain(missing, "fill"), {rule.fill->line, rule.fill->column},
                  item.prefix() + element.error().message);
    return sink.failed();
  }
  Shape shape = raw.shape->value;
  const bool fortran = raw.order && raw.order->value == Order::f;
  if (fortran) shape.reverse();
  Result<ArrayView> made = full_view(raw.dtype->value, shape, *element);
  if (made && fortran) made = transpose(std::move(*made), std::nullopt);
  if (!made) {
    problem(scope, item, made.error().message);
    return sink.failed();
  }
  std::optional<ArrayView> view;
  if (count_array(scope, item, 1)) view = modified(scope, std::move(*made), expression.modifiers.get(), item);
  if (!view) return sink.failed();
  sink.array(std::move(*view), item);
}

}  // namespace ndcat
