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

/// What a file without a NumPy header is instead, by its first bytes.
std::optional<std::string> guess_format(std::string_view head) {
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
    if (head.starts_with(format.magic)) return format.advice;
  }
  return std::nullopt;
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

Found Resolver::read_file(ManifestScope& scope, const RawDescription& raw, const RawDescription& own,
                          const Item& item, const ProbedFile& file) {
  const bool is_manifest = looks_like_manifest(file.head);  // only where the head was asked for
  // Where nothing else describes the file, a dtype that was not understood may be one too many.
  const bool describes_itself = has_numpy_magic(file.head) && !raw.dtype.value && !raw.shape.is_there();
  if (raw.dtype.is_there() && !is_manifest && !describes_itself) return raw_array(scope, raw, item, file);
  if (!own.empty() && (has_numpy_magic(file.head) || is_manifest)) {
    if (!own.has_stray && !own.dtype.broken) {
      const bool only_order = own.order.is_there() && !own.shape.is_there() && !own.offset.is_there();
      problem(
          scope, item,
          std::string(
              "\"shape\", \"order\" and \"offset\" describe a file without a header and need a \"dtype\" "
              "beside them; this file describes itself") +
              (only_order ? " (the \"order\" of the virtual file goes with a list: {\"concatenate\": [...], "
                            "\"order\": \"C\"})"
                          : ""));
    }
    if (!describes_itself) return {};  // who knows which of the two is meant
  }
  if (has_numpy_magic(file.head)) {
    Found found = numpy_array(scope, item, file);
    if (raw.dtype.broken) found = Found(Outline{found.outline.shape, std::nullopt});
    return found;
  }
  if (is_manifest) return nested(scope, item);
  if (file.size == 0) {
    problem(scope, item, "the file is empty");
  } else if (const std::optional<std::string> format = guess_format(file.head)) {
    problem(scope, item, "neither a .npy file nor a manifest: it looks like " + *format);
  } else if (!raw.has_stray) {
    problem(scope, item,
            std::string("neither a .npy file nor a manifest: a file without a header needs ") +
                (raw.shape.is_there() ? "a \"dtype\" beside its \"shape\"" : "\"dtype\" and \"shape\""));
  }
  return Found(outline_of(own));
}

Found Resolver::numpy_array(ManifestScope& scope, const Item& item, const ProbedFile& file) {
  const auto fail = [&](std::string message) {
    problem(scope, item, std::move(message));
    return Found();
  };
  const Result<Index> length = numpy_header_length(file.head);
  if (!length) return fail(length.error().message);
  std::string text = file.head.substr(0, static_cast<std::size_t>(*length));
  if (static_cast<Index>(text.size()) < *length && file.size > static_cast<Index>(text.size())) {
    Result<std::string> longer = probe_.head(file.id, *length);
    if (!longer) return fail(longer.error().message);
    text = std::move(*longer);
  }
  if (static_cast<Index>(text.size()) < *length) {
    return fail("the file ends within its NumPy header: " + std::to_string(text.size()) + " of " +
                std::to_string(*length) + " bytes are there");
  }
  if (!last_header_ || text != last_header_text_) {
    Result<NumpyHeader> header = parse_numpy_header(text);
    if (!header) return fail(header.error().message);
    last_header_ = std::move(*header);
    last_header_text_ = std::move(text);
  }
  if (is_tail(scope, item)) return numpy_tail(scope, item, file);
  // What follows the array is nobody's business, as for np.load: several arrays can be saved to one file.
  return array_in(scope, item, file, *last_header_);
}

Found Resolver::numpy_tail(ManifestScope& scope, const Item& item, const ProbedFile& file) {
  NumpyHeader array = *last_header_;
  if (!array.shape.empty()) {
    NumpyHeader row = array;
    slowest_extent(row) = 1;
    const Result<Index> row_size = array_size(row.dtype, row.shape);
    // Rows are there before the header says so.
    if (row_size && *row_size > 0) {
      Index& rows = slowest_extent(array);
      rows = std::max(rows, (file.size - array.length) / *row_size);
    }
  }
  tail_ = Tail{.source = 0, .array = array, .header = last_header_text_, .can_grow = true};
  return array_in(scope, item, file, array);
}

Found Resolver::array_in(ManifestScope& scope, const Item& item, const ProbedFile& file,
                         const NumpyHeader& layout) {
  const auto fail = [&](std::string message) {
    problem(scope, item, std::move(message));
    return Found(Outline{layout.shape, layout.dtype});
  };
  const Result<Index> needed = array_size(layout.dtype, layout.shape);
  if (!needed) return fail(needed.error().message);
  if (layout.length > file.size || *needed > file.size - layout.length) {
    return fail("too short: " + to_string(layout.shape) + " of " + layout.dtype.name() + " needs " +
                std::to_string(*needed) + " bytes from byte " + std::to_string(layout.length) +
                " on, but the file has " + std::to_string(std::max<Index>(file.size - layout.length, 0)) +
                " there");
  }
  if (!count_array(scope, item, 1)) return Found();
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
  if (is_tail(scope, item)) tail_->source = id;
  Result<ArrayView> view =
      source_view(id, file.size, layout.dtype, layout.shape, layout.order, SourceOffset{layout.length});
  if (view) return Found(std::move(*view));
  return fail(view.error().message);
}

}  // namespace ndcat
