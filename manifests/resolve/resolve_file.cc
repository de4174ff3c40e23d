// Files: what a file is, by its description or its own first bytes, and the array in it.
#include <algorithm>
#include <array>
#include <string>
#include <utility>

#include "core/algebra/array_size.h"
#include "manifests/resolve/resolver.h"

namespace ndcat {
namespace {

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
