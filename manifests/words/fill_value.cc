#include "manifests/words/fill_value.h"

#include <algorithm>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <utility>

#include "manifests/texts/utf8.h"
#include "manifests/words/fill_number.h"
#include "manifests/words/fill_time.h"

namespace ndcat {
namespace {

constexpr Index kLargestElement = Index{16} << 20U;  // bytes; a fill is kept in memory

/// S and U: the text, padded with zeros.
std::optional<Error> fill_text(const JsonValue& value, const Dtype& dtype, std::span<std::byte> out) {
  const auto* const text = std::get_if<std::string>(&value.value);
  if (text == nullptr) {
    return Error{std::string(value.type_name()) + " is no value for " + dtype.name() + "; expected a text"};
  }
  const bool is_unicode = dtype.kind() == Kind::unicode;
  const std::size_t unit = is_unicode ? 4 : 1;
  const std::size_t length = count_code_points(*text);
  if (out.empty())
    return Error{dtype.name() + " holds no character; give its length, such as \"" +
                 (is_unicode ? "U" : "S") + "10\""};
  if (length > out.size() / unit) {
    return Error{in_quotes(*text) + " has " + std::to_string(length) + " characters; " + dtype.name() +
                 " holds " + std::to_string(out.size() / unit)};
  }
  std::fill(out.begin(), out.end(), std::byte{0});
  for (std::size_t at = 0, i = 0; at < text->size(); ++i) {
    const CodePoint next = decode_utf8(*text, at).value_or(CodePoint{0xFFFD, 1});
    at += next.length;
    if (!is_unicode && next.value > 0x7F) {
      return Error{in_quotes(*text) + " has characters beyond ASCII, which " + dtype.name() +
                   " cannot hold; use a U dtype"};
    }
    for (std::size_t byte = 0; byte < unit; ++byte) {
      const std::size_t place = dtype.byte_order() == ByteOrder::little ? byte : unit - 1 - byte;
      out[i * unit + place] = static_cast<std::byte>(next.value >> (8 * byte));
    }
  }
  return std::nullopt;
}

/// Fills one element, fields and sub-arrays included; knows by which fields it got to the value at hand.
class Filling {
 public:
  explicit Filling(JsonMistakes& mistakes) : mistakes_(mistakes) {}

  void fill(const JsonValue& value, const Dtype& dtype, std::span<std::byte> out) {
    if (dtype.is_structured()) {
      fill_structure(value, dtype, out);
    } else if (const std::optional<Error> error = fill_simple(value, dtype, out)) {
      wrong(value, error->message);
    }
  }

 private:
  static std::optional<Error> fill_simple(const JsonValue& value, const Dtype& dtype,
                                          std::span<std::byte> out) {
    switch (dtype.kind()) {
      case Kind::bytes:
      case Kind::unicode:
        return fill_text(value, dtype, out);
      case Kind::raw:
        return Error{"the bytes of " + dtype.name() +
                     " cannot be written in JSON; use a structured dtype instead"};
      default:
        return fill_number(value, dtype, out);
    }
  }

  /// A sub-array field from `axis` on: one value for all of it, or nested lists of its very shape.
  void fill_sub_array(const JsonValue& value, const Field& field, int axis, std::span<std::byte> out) {
    if (axis == field.shape.size()) return fill(value, field.dtype, out);
    const auto count = static_cast<std::size_t>(field.shape[axis]);
    const auto* const list = std::get_if<JsonArray>(&value.value);
    if (list != nullptr && list->size() != count) {
      return wrong(value, "a list of " + std::to_string(list->size()) + " values where the shape " +
                              to_string(field.shape) + " asks for " + std::to_string(count));
    }
    if (list == nullptr && out.empty()) return;
    const std::size_t step = count == 0 ? 0 : out.size() / count;
    const std::size_t mistakes_before = mistakes_.size();
    for (std::size_t i = 0; i < count; ++i) {
      fill_sub_array(list != nullptr ? (*list)[i] : value, field, axis + 1, out.subspan(i * step, step));
      if (list == nullptr && mistakes_.size() != mistakes_before)
        return;  // the same value would be wrong each time
    }
  }

  void fill_structure(const JsonValue& value, const Dtype& dtype, std::span<std::byte> out) {
    const std::vector<Field>& fields = dtype.fields();
    const auto* const list = std::get_if<JsonArray>(&value.value);
    if (list != nullptr && list->size() != fields.size()) {
      return wrong(value, "a list of " + std::to_string(list->size()) + " values for the " +
                              std::to_string(fields.size()) + " fields of " + dtype.name());
    }
    std::fill(out.begin(), out.end(), std::byte{0});
    const std::size_t mistakes_before = mistakes_.size();
    for (std::size_t i = 0; i < fields.size(); ++i) {
      const std::span<std::byte> part =
          out.subspan(static_cast<std::size_t>(fields[i].offset), static_cast<std::size_t>(fields[i].size()));
      const std::size_t length = within_.size();
      within_ += "field " + in_quotes(fields[i].name) + ": ";
      fill_sub_array(list != nullptr ? (*list)[i] : value, fields[i], 0, part);
      within_.resize(length);
      if (list == nullptr && mistakes_.size() != mistakes_before) return;  // one value for all is one mistake
    }
  }

  void wrong(const JsonValue& at, const std::string& message) {
    mistakes_.push_back({&at, within_ + message});
  }

  JsonMistakes& mistakes_;
  std::string within_;  // 'field "a": ', what messages begin with
};

}  // namespace

Result<Dtype> fill_dtype(const JsonValue& value) {
  if (std::holds_alternative<bool>(value.value)) return Dtype::boolean();
  if (const auto* const number = std::get_if<JsonNumber>(&value.value)) {
    if (!number->is_integer_literal()) return Dtype::simple(Kind::floating, 8);
    if (number->as_index()) return Dtype::simple(Kind::signed_integer, 8);
    const Dtype wide = Dtype::simple(Kind::unsigned_integer, 8);
    if (fill_element(value, wide)) return wide;
    return Error{number->text +
                 " does not fit 64 bits; give a \"dtype\" that can hold it, such as \"float64\""};
  }
  if (const auto* const text = std::get_if<std::string>(&value.value)) {
    if (is_special_float(*text) || (is_not_a_time(*text) && !text->empty())) {
      return Error{
          in_quotes(*text) +
          " needs a \"dtype\": \"float64\" for a number, \"datetime64[s]\" for a time, \"U3\" for a text"};
    }
    return Dtype::simple(Kind::unicode,
                         static_cast<Index>(std::max<std::size_t>(count_code_points(*text), 1) * 4));
  }
  if (std::holds_alternative<JsonArray>(value.value)) {
    return Error{"a list stands for one value of a structured type, and needs a \"dtype\" with its fields"};
  }
  return Error{std::string("expected a number, true, false or a text, found ") + value.type_name()};
}

std::optional<std::vector<std::byte>> fill_element(const JsonValue& value, const Dtype& dtype,
                                                   JsonMistakes& mistakes) {
  if (dtype.itemsize() > kLargestElement) {
    mistakes.push_back({&value, "one element of " + dtype.name() + " has " +
                                    std::to_string(dtype.itemsize()) + " bytes; a fill may have 16 MiB"});
    return std::nullopt;
  }
  std::vector<std::byte> element(static_cast<std::size_t>(dtype.itemsize()));
  const std::size_t mistakes_before = mistakes.size();
  Filling(mistakes).fill(value, dtype, element);
  if (mistakes.size() != mistakes_before) return std::nullopt;
  return element;
}

Result<std::vector<std::byte>> fill_element(const JsonValue& value, const Dtype& dtype) {
  JsonMistakes mistakes;
  std::optional<std::vector<std::byte>> element = fill_element(value, dtype, mistakes);
  if (!element) return Error{mistakes.front().message};
  return *std::move(element);
}

}  // namespace ndcat
