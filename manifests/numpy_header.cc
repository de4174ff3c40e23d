#include "manifests/numpy_header.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <utility>

#include "manifests/python/python_literal.h"
#include "manifests/texts/utf8.h"
#include "manifests/words/dtype_text.h"

namespace ndcat {
namespace {

constexpr std::string_view kMagic = "\x93NUMPY";
/// More than any header that NumPy reads (its own limit is 10 000 characters unless raised).
constexpr Index kMaxHeader = 1 << 20;
/// np.save leaves room for the first or last extent to grow to this many digits, and aligns the array to this
/// many bytes.
constexpr std::size_t kGrowthDigits = 21;
constexpr std::size_t kArrayAlignment = 64;

/// What the bytes before the text say: format version and the text's place.
struct Preamble {
  int version = 0;
  std::size_t text_begin = 0;  // bytes of magic, version and length
  std::size_t text_length = 0;
};

Result<Preamble> read_preamble(std::string_view head) {
  if (!has_numpy_magic(head)) return Error{"this is no NumPy file: it does not begin with \\x93NUMPY"};
  const auto byte = [head](std::size_t at) {
    return static_cast<std::size_t>(static_cast<unsigned char>(head[at]));
  };
  const Error cut_short{"the file ends within its NumPy header, after " + std::to_string(head.size()) +
                        " bytes"};
  if (head.size() < 8) return cut_short;
  const std::size_t major = byte(6);
  const std::size_t minor = byte(7);
  if (major < 1 || major > 3 || minor != 0) {
    return Error{"NumPy format version " + std::to_string(major) + "." + std::to_string(minor) +
                 " is unknown; versions 1.0, 2.0 and 3.0 are"};
  }
  const std::size_t length_bytes = major == 1 ? 2 : 4;
  if (head.size() < 8 + length_bytes) return cut_short;
  std::size_t length = 0;
  for (std::size_t i = length_bytes; i > 0; --i) length = length << 8U | byte(7 + i);
  const std::size_t whole = 8 + length_bytes + length;
  if (whole > kMaxHeader) {
    return Error{"the NumPy header claims to be " + std::to_string(whole) + " bytes long; at most " +
                 std::to_string(kMaxHeader) + " are read"};
  }
  return Preamble{static_cast<int>(major), 8 + length_bytes, length};
}

Error in_header(const Error& error) { return {"the NumPy header is malformed: " + error.message}; }

Error expected(const std::string& what, const PythonLiteral& found) {
  return {"the NumPy header is malformed: at byte " + std::to_string(found.at) + ": expected " + what +
          ", found " + found.type_name()};
}

Result<Shape> read_shape(const PythonLiteral& literal) {
  const auto* tuple = std::get_if<PythonTuple>(&literal.value);
  if (!tuple) return expected("the shape as a tuple", literal);
  if (tuple->items.size() > kMaxRank) {
    return Error{"the array has " + std::to_string(tuple->items.size()) + " axes; at most " +
                 std::to_string(kMaxRank) + " are possible"};
  }
  Shape shape;
  for (const PythonLiteral& item : tuple->items) {
    const auto* extent = std::get_if<PythonInteger>(&item.value);
    if (!extent) return expected("an int in the shape", item);
    const std::string place = "at byte " + std::to_string(item.at) + ": an extent of the shape ";
    if (!extent->value) return in_header({place + "does not fit into 64 bits"});
    if (*extent->value < 0)
      return in_header({place + "is negative (" + std::to_string(*extent->value) + ")"});
    shape.push_back(*extent->value);
  }
  return shape;
}

/// The values of "descr", "fortran_order" and "shape"; each must be there once, and nothing else.
Result<std::array<const PythonLiteral*, 3>> read_keys(const PythonLiteral& header) {
  static constexpr std::array<std::string_view, 3> kKeys = {"descr", "fortran_order", "shape"};
  const auto* dict = std::get_if<PythonDict>(&header.value);
  if (!dict) return expected("a dict", header);
  std::array<const PythonLiteral*, 3> values{};
  for (std::size_t item = 0; item < dict->keys.size(); ++item) {
    const PythonLiteral& key = dict->keys[item];
    const auto* text = std::get_if<std::string>(&key.value);
    if (!text) return expected("a str as a key", key);
    std::size_t i = 0;
    while (i < kKeys.size() && kKeys[i] != *text) ++i;
    const std::string place = "at byte " + std::to_string(key.at) + ": the key " + in_quotes(*text);
    if (i == kKeys.size()) {
      return in_header({place + " is unknown; the keys are \"descr\", \"fortran_order\" and \"shape\""});
    }
    if (values[i]) return in_header({place + " occurs twice"});
    values[i] = &dict->values[item];
  }
  for (std::size_t i = 0; i < kKeys.size(); ++i) {
    if (!values[i]) return in_header({"the key " + in_quotes(kKeys[i]) + " is missing"});
  }
  return values;
}

/// Code points of valid UTF-8 as Latin-1, or nothing when one is above U+00FF.
std::optional<std::string> to_latin1(std::string_view text) {
  std::string result;
  for (std::size_t at = 0; at < text.size();) {
    const CodePoint next = decode_utf8(text, at).value_or(CodePoint{0xFFFD, 1});
    if (next.value > 0xFF) return std::nullopt;
    result += static_cast<char>(static_cast<unsigned char>(next.value));
    at += next.length;
  }
  return result;
}

/// Magic, version, length, text and padding; or nothing when the length does not fit this version.
std::optional<std::string> wrap(std::string_view text, int version) {
  const std::size_t length_bytes = version == 1 ? 2 : 4;
  const std::size_t text_begin = 8 + length_bytes;
  const std::size_t unpadded = text.size() + 1;
  // np.save adds a whole block of padding where none is needed.
  const std::size_t padding = kArrayAlignment - (text_begin + unpadded) % kArrayAlignment;
  const std::uint64_t length = unpadded + padding;
  if (length >> (8 * length_bytes) != 0) return std::nullopt;
  std::string header(kMagic);
  header += static_cast<char>(version);
  header += '\0';
  for (std::size_t i = 0; i < length_bytes; ++i) header += static_cast<char>(length >> (8 * i) & 0xFFU);
  header += text;
  header.append(padding, ' ');
  return header + '\n';
}

}  // namespace

bool has_numpy_magic(std::string_view head) { return head.starts_with(kMagic); }

Result<Index> numpy_header_length(std::string_view head) {
  const Result<Preamble> preamble = read_preamble(head);
  if (!preamble) return preamble.error();
  return static_cast<Index>(preamble->text_begin + preamble->text_length);
}

Result<NumpyHeader> parse_numpy_header(std::string_view header) {
  const Result<Preamble> preamble = read_preamble(header);
  if (!preamble) return preamble.error();
  const std::size_t length = preamble->text_begin + preamble->text_length;
  if (header.size() < length) {
    return Error{"the file ends within its NumPy header: " + std::to_string(length) + " bytes are claimed, " +
                 std::to_string(header.size()) + " are there"};
  }
  const std::string_view text = header.substr(preamble->text_begin, preamble->text_length);
  const TextEncoding encoding = preamble->version == 3 ? TextEncoding::utf8 : TextEncoding::latin1;
  const Result<PythonLiteral> literal = parse_python_literal(text, encoding);
  if (!literal) return in_header(literal.error());
  const auto values = read_keys(*literal);
  if (!values) return values.error();
  const auto& [descr, fortran_order, extents] = *values;
  Result<Dtype> dtype = parse_dtype(*descr);
  if (!dtype) return Error{"the \"descr\" of the NumPy header: " + dtype.error().message};
  const bool* is_fortran = std::get_if<bool>(&fortran_order->value);
  if (!is_fortran) return expected("True or False as \"fortran_order\"", *fortran_order);
  const Result<Shape> shape = read_shape(*extents);
  if (!shape) return shape.error();
  return NumpyHeader{*std::move(dtype), *shape, *is_fortran ? Order::f : Order::c,
                     static_cast<Index>(length)};
}

Index& slowest_extent(NumpyHeader& header) {
  return header.order == Order::c ? header.shape[0] : header.shape[header.shape.size() - 1];
}

std::optional<std::string> grown_numpy_header(std::string_view header, Index extent) {
  const Result<Preamble> preamble = read_preamble(header);
  const Result<NumpyHeader> parsed = parse_numpy_header(header);
  if (!preamble || !parsed || parsed->shape.empty()) return std::nullopt;
  const std::string_view text = header.substr(preamble->text_begin, preamble->text_length);
  const TextEncoding encoding = preamble->version == 3 ? TextEncoding::utf8 : TextEncoding::latin1;
  const Result<PythonLiteral> literal = parse_python_literal(text, encoding);
  const auto values = read_keys(*literal);
  const auto& items = std::get<PythonTuple>((*values)[2]->value).items;
  const PythonLiteral& old = parsed->order == Order::c ? items.front() : items.back();
  const std::size_t digits_end = std::min(text.find_first_not_of("0123456789", old.at), text.size());
  std::string grown(text.substr(0, old.at));
  grown += std::to_string(extent);
  grown += text.substr(digits_end);
  // The padding is spaces, and a line's end.
  const bool has_line_end = grown.ends_with('\n');
  if (has_line_end) grown.pop_back();
  const std::size_t wanted = text.size() - (has_line_end ? 1 : 0);
  while (grown.size() > wanted && grown.ends_with(' ')) grown.pop_back();
  if (grown.size() > wanted) return std::nullopt;
  grown.append(wanted - grown.size(), ' ');
  if (has_line_end) grown += '\n';
  return std::string(header.substr(0, preamble->text_begin)) + grown;
}

bool has_grown(std::string_view before, std::string_view after) {
  Result<NumpyHeader> old = parse_numpy_header(before), grown = parse_numpy_header(after);
  if (!old || !grown || old->shape.size() != grown->shape.size() || old->shape.empty()) return false;
  if (old->order != grown->order || slowest_extent(*grown) < slowest_extent(*old)) return false;
  slowest_extent(*grown) = slowest_extent(*old);
  return old->dtype == grown->dtype && old->shape == grown->shape && old->length == grown->length;
}

Result<std::string> write_numpy_header(const Dtype& dtype, const Shape& shape, Order order) {
  const Result<std::string> descr = numpy_descr(dtype);
  if (!descr) return descr.error();
  const bool is_fortran = order == Order::f;
  std::string text = "{'descr': " + *descr + ", 'fortran_order': " + (is_fortran ? "True" : "False") +
                     ", 'shape': " + to_string(shape) + ", }";
  if (!shape.empty()) {
    const std::size_t digits = std::to_string(is_fortran ? shape.back() : shape[0]).size();
    text.append(kGrowthDigits - digits, ' ');
  }
  const std::optional<std::string> latin1 = to_latin1(text);
  std::optional<std::string> header = latin1 ? wrap(*latin1, 1) : std::nullopt;
  if (!header && latin1) header = wrap(*latin1, 2);
  if (!header) header = wrap(text, 3);
  if (!header) return Error{"the header would be longer than NumPy's format allows"};
  return *std::move(header);
}

}  // namespace ndcat
