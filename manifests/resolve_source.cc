// Sources: strings, "path" and "glob". Which files they name, how each file is to be read, and what to do
// without it.
#include <algorithm>
#include <array>
#include <string>
#include <utility>

#include "core/array_size.h"
#include "manifests/brace.h"
#include "manifests/fill_value.h"
#include "manifests/printable.h"
#include "manifests/resolver.h"
#include "manifests/utf8.h"

namespace ndcat {
namespace {

constexpr Index kHeadBytes = 256;  // most NumPy headers are 128 bytes long
constexpr std::size_t kMostArrays = std::size_t{16} << 20U;
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

bool looks_like_manifest(std::string_view head) {
  if (head.starts_with("\xEF\xBB\xBF"))
    head.remove_prefix(3);  // an error of its own, told where the text is read
  const std::size_t first = head.find_first_not_of(" \t\r\n");
  return first != std::string_view::npos && head[first] == '{';
}

/// What a file without a NumPy header may be instead, by its first bytes.
std::string guess_format(std::string_view head, bool has_shape) {
  struct Format {
    std::string_view magic;
    const char* advice;
  };
  static constexpr std::array<Format, 6> kFormats{{
      {"PK\x03\x04", "a zip archive (.npz?), which must be unpacked first"},
      {"\x1f\x8b", "a gzip-compressed file, which must be unpacked first"},
      {"\x28\xb5\x2f\xfd", "a zstd-compressed file, which must be unpacked first"},
      {"\x89HDF", "an HDF5 file, which ndcat does not read"},
      {"\x80\x03", "a Python pickle, which ndcat never reads"},
      {"\x80\x04", "a Python pickle, which ndcat never reads"},
  }};
  for (const Format& format : kFormats) {
    if (head.starts_with(format.magic)) return std::string("it looks like ") + format.advice;
  }
  return has_shape ? "a file without a header needs a \"dtype\" beside its \"shape\""
                   : "a file without a header needs \"dtype\" and \"shape\"";
}

}  // namespace

bool Resolver::count_array(const ManifestScope& scope, const Item& item, std::size_t arrays) {
  const bool told = arrays_ > kMostArrays;
  arrays_ += arrays;
  if (arrays_ > kMostArrays && !told) {
    problem(scope, item, "more than " + std::to_string(kMostArrays) + " arrays in one manifest");
  }
  return arrays_ <= kMostArrays;
}

void Resolver::prefetch(const ManifestScope& scope, std::span<const Expression> items) {
  std::vector<std::string> paths;
  for (const Expression& item : items.first(std::min(items.size(), kPrefetched))) {
    const auto* const source = std::get_if<SourceExpression>(&item.node);
    if (source != nullptr && !source->is_glob && !item.broken) paths.push_back(scope.path_of(source->name));
  }
  probe_.prefetch(paths, scope.tree.defaults.dtype ? 0 : kHeadBytes);
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
  for (const std::string& pattern : *patterns) {
    if (arrays_ > kMostArrays) return;
    if (pattern.empty() || pattern.size() > kLongestName) {
      problem(scope, whole,
              pattern.empty() ? in_quotes(glob.name) + ": its braces also stand for the empty name"
                              : in_quotes(pattern) + " is longer than a path can be (4096 bytes)");
      sink.failed();
    } else if (!has_wildcard(pattern)) {
      file(scope, expression, {spot, remove_backslashes(pattern), true}, sink);
    } else {
      const GlobFinder::Found found = scope.finder.find(pattern);
      for (const std::string& error : found.errors) {
        problem(scope, whole, in_quotes(pattern) + ": cannot search the folder " + printable(error));
        sink.failed();
      }
      for (const std::string& name : found.names) file(scope, expression, {spot, name, true}, sink);
      if (!found.names.empty() || !found.errors.empty()) continue;
      if (glob.options != nullptr && glob.options->missing.kind == MissingRule::Kind::skip) {
        sink.skipped();
        continue;
      }
      const bool fill = glob.options != nullptr && glob.options->missing.kind == MissingRule::Kind::fill;
      problem(scope, whole,
              "no file matches " + in_quotes(pattern) + " (relative to the manifest's own folder)" +
                  (fill ? "; only names that are written out, as in {000..119}, can be filled" : ""));
      sink.failed();
    }
  }
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

std::optional<ArrayView> Resolver::read_file(ManifestScope& scope, const RawDescription& raw,
                                             const RawDescription& own, const Item& item,
                                             const ProbedFile& file) {
  const bool is_manifest = looks_like_manifest(file.head);  // only where the head was asked for
  if (raw.dtype && !is_manifest) return raw_array(scope, raw, item, file);
  if (!own.empty() && (has_numpy_magic(file.head) || is_manifest)) {
    problem(scope, item,
            "\"shape\", \"order\" and \"offset\" describe a file without a header and need a \"dtype\" "
            "beside them; "
            "this file describes itself");
    return std::nullopt;
  }
  if (has_numpy_magic(file.head)) return numpy_array(scope, item, file);
  if (is_manifest) return nested(scope, item);
  if (file.size == 0) {
    problem(scope, item, "the file is empty");
  } else {
    problem(scope, item,
            "neither a .npy file nor a manifest: " + guess_format(file.head, raw.shape.has_value()));
  }
  return std::nullopt;
}

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
  if (!described) return sink.missing(item, rule.fill);
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

std::optional<ArrayView> Resolver::numpy_array(ManifestScope& scope, const Item& item,
                                               const ProbedFile& file) {
  const Result<Index> length = numpy_header_length(file.head);
  if (!length) {
    problem(scope, item, length.error().message);
    return std::nullopt;
  }
  std::string text = file.head.substr(0, static_cast<std::size_t>(*length));
  if (static_cast<Index>(text.size()) < *length && file.size > static_cast<Index>(text.size())) {
    Result<std::string> longer = probe_.head(file.id, *length);
    if (!longer) {
      problem(scope, item, longer.error().message);
      return std::nullopt;
    }
    text = std::move(*longer);
  }
  if (static_cast<Index>(text.size()) < *length) {
    problem(scope, item,
            "the file ends within its NumPy header: " + std::to_string(text.size()) + " of " +
                std::to_string(*length) + " bytes are there");
    return std::nullopt;
  }
  if (!last_header_ || text != last_header_text_) {
    Result<NumpyHeader> header = parse_numpy_header(text);
    if (!header) {
      problem(scope, item, header.error().message);
      return std::nullopt;
    }
    last_header_ = std::move(*header);
    last_header_text_ = std::move(text);
  }
  // What follows the array is nobody's business, as for np.load: several arrays can be saved to one file.
  return array_in(scope, item, file, *last_header_);
}

std::optional<ArrayView> Resolver::array_in(ManifestScope& scope, const Item& item, const ProbedFile& file,
                                            const NumpyHeader& layout) {
  const Result<Index> needed = array_size(layout.dtype, layout.shape);
  if (!needed) {
    problem(scope, item, needed.error().message);
    return std::nullopt;
  }
  if (layout.length > file.size || *needed > file.size - layout.length) {
    problem(scope, item,
            "too short: " + to_string(layout.shape) + " of " + layout.dtype.name() + " needs " +
                std::to_string(*needed) + " bytes from byte " + std::to_string(layout.length) +
                " on, but the file has " + std::to_string(std::max<Index>(file.size - layout.length, 0)) +
                " there");
    return std::nullopt;
  }
  if (!count_array(scope, item, 1)) return std::nullopt;
  ListSpot* const list = item.spot.list;
  SourceTable::Origin origin = 0;
  if (list == nullptr) {
    origin = sources_.add_origin(scope.shown_as, item.spot.where.text());
  } else {
    if (!list->origin) list->origin = sources_.add_origin(scope.shown_as, list->where.text());
    origin = *list->origin;
  }
  const SourceId id = sources_.add(file.id, scope.path_of(item.name), layout.length, origin, item.spot.index,
                                   item.spot.at.line, item.spot.at.column);
  Result<ArrayView> view =
      source_view(id, file.size, layout.dtype, layout.shape, layout.order, SourceOffset{layout.length});
  if (view) return std::move(*view);
  problem(scope, item, view.error().message);
  return std::nullopt;
}

}  // namespace ndcat
