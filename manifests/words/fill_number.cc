#include "manifests/words/fill_number.h"

#include <algorithm>
#include <cmath>
#include <complex>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <string>
#include <utility>

#include "core/casts/conversion.h"
#include "manifests/texts/utf8.h"
#include "manifests/words/fill_time.h"

namespace ndcat {
namespace {

std::string lower(std::string_view text) {
  std::string result(text);
  std::transform(result.begin(), result.end(), result.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
  return result;
}

/// The value as a message shows it: 300, "abc", true, a list.
std::string shown(const JsonValue& value) {
  if (const auto* const number = std::get_if<JsonNumber>(&value.value)) {
    return number->text.size() <= 40 ? number->text : number->text.substr(0, 40) + "...";
  }
  if (const auto* const text = std::get_if<std::string>(&value.value)) return in_quotes(*text);
  if (const auto* const flag = std::get_if<bool>(&value.value)) return *flag ? "true" : "false";
  return value.type_name();
}

Error unfit(const JsonValue& value, const Dtype& dtype, std::string_view expected) {
  return {shown(value) + " is no value for " + dtype.name() + "; expected " + std::string(expected)};
}

/// A whole number as sign and size, so that int64 and uint64 both fit.
struct Whole {
  bool negative = false;
  std::uint64_t magnitude = 0;
};

enum class WholeFailure { none, fraction, too_big };

std::pair<Whole, WholeFailure> whole_number(const JsonNumber& number) {
  Whole whole{number.text.starts_with('-'), 0};
  if (!number.is_integer_literal()) {
    const double value = std::strtod(number.text.c_str(), nullptr);
    if (!(std::fabs(value) < 0x1p64)) return {whole, WholeFailure::too_big};
    if (value != std::trunc(value)) return {whole, WholeFailure::fraction};
    whole.magnitude = static_cast<std::uint64_t>(std::fabs(value));
    return {whole, WholeFailure::none};
  }
  for (const char c : number.text) {
    if (c == '-') continue;
    const auto digit = static_cast<std::uint64_t>(c - '0');
    if (__builtin_mul_overflow(whole.magnitude, 10U, &whole.magnitude) ||
        __builtin_add_overflow(whole.magnitude, digit, &whole.magnitude)) {
      return {whole, WholeFailure::too_big};
    }
  }
  return {whole, WholeFailure::none};
}

void store_integer(std::uint64_t bits, const Dtype& dtype, std::span<std::byte> out) {
  for (std::size_t i = 0; i < out.size(); ++i) {
    const std::size_t at = dtype.byte_order() == ByteOrder::little ? i : out.size() - 1 - i;
    out[at] = static_cast<std::byte>(bits >> (8 * i));
  }
}

/// The bounds of an integer dtype, for a message: "(0 to 255)".
std::string bounds(const Dtype& dtype) {
  const auto bits = static_cast<unsigned>(dtype.itemsize() * 8);
  if (dtype.kind() == Kind::unsigned_integer) {
    return "(0 to " + std::to_string(~std::uint64_t{0} >> (64 - bits)) + ")";
  }
  const std::uint64_t half = std::uint64_t{1} << (bits - 1);
  return "(-" + std::to_string(half) + " to " + std::to_string(half - 1) + ")";
}

std::optional<Error> fill_integer(const JsonValue& value, const Dtype& dtype, std::span<std::byte> out) {
  Whole whole;
  if (const auto* const flag = std::get_if<bool>(&value.value)) {
    whole.magnitude = *flag ? 1 : 0;
  } else if (const auto* const number = std::get_if<JsonNumber>(&value.value)) {
    const auto [parsed, failure] = whole_number(*number);
    if (failure == WholeFailure::fraction) {
      return Error{shown(value) + " is no whole number, and " + dtype.name() + " holds only those"};
    }
    if (failure == WholeFailure::too_big)
      return Error{shown(value) + " does not fit " + dtype.name() + " " + bounds(dtype)};
    whole = parsed;
  } else {
    return unfit(value, dtype, "a whole number");
  }
  const bool is_signed = dtype.kind() != Kind::unsigned_integer;
  const auto bits = static_cast<unsigned>(dtype.itemsize() * 8);
  const std::uint64_t most = (~std::uint64_t{0} >> (64 - bits)) >> (is_signed ? 1U : 0U);
  const std::uint64_t allowed = whole.negative ? (is_signed ? most + 1 : 0) : most;
  if (whole.magnitude > allowed)
    return Error{shown(value) + " does not fit " + dtype.name() + " " + bounds(dtype)};
  const bool is_time = dtype.kind() == Kind::timedelta || dtype.kind() == Kind::datetime;
  if (is_time && whole.negative && whole.magnitude > most) {
    return Error{shown(value) + " stands for \"NaT\" in " + dtype.name() + "; write that"};
  }
  store_integer(whole.negative ? 0 - whole.magnitude : whole.magnitude, dtype, out);
  return std::nullopt;
}

std::optional<Error> fill_boolean(const JsonValue& value, const Dtype& dtype, std::span<std::byte> out) {
  std::optional<bool> truth;
  if (const auto* const flag = std::get_if<bool>(&value.value)) truth = *flag;
  if (const auto* const number = std::get_if<JsonNumber>(&value.value)) {
    const auto [whole, failure] = whole_number(*number);
    if (failure == WholeFailure::none && whole.magnitude <= 1 && (whole.magnitude == 0 || !whole.negative)) {
      truth = whole.magnitude == 1;
    }
  }
  if (!truth) return unfit(value, dtype, "true, false, 1 or 0");
  out[0] = static_cast<std::byte>(*truth ? 1 : 0);
  return std::nullopt;
}

/// A decimal or special float at the start of `text`, which is cut off; strtod alone would take spaces and
/// hexadecimals.
/// `wide`: rounded to a long double at once, else to a double, as Python's float() does.
std::optional<long double> take_float(std::string& text, bool wide) {
  if (text.find_first_not_of("0123456789.eE+-nafityj") != std::string::npos) return std::nullopt;
  char* end = nullptr;
  // The program never leaves the "C" locale.
  const long double value =
      wide ? std::strtold(text.c_str(), &end) : static_cast<long double>(std::strtod(text.c_str(), &end));
  if (end == text.c_str()) return std::nullopt;
  text.erase(0, static_cast<std::size_t>(end - text.c_str()));
  return value;
}

/// "1.5", "-inf", "1+2j", "2j".
std::optional<std::complex<long double>> parse_complex(std::string_view written, bool wide) {
  std::string text = lower(written);
  const std::optional<long double> first = take_float(text, wide);
  if (!first) return std::nullopt;
  if (text.empty()) return std::complex<long double>(*first, 0);
  if (text == "j") return std::complex<long double>(0, *first);
  if (text[0] != '+' && text[0] != '-') return std::nullopt;
  const std::optional<long double> second = take_float(text, wide);
  if (!second || text != "j") return std::nullopt;
  return std::complex<long double>(*first, *second);
}

std::optional<std::complex<long double>> float_value(const JsonValue& value, const Dtype& dtype) {
  if (const auto* const flag = std::get_if<bool>(&value.value)) return *flag ? 1 : 0;
  if (const auto* const text = std::get_if<std::string>(&value.value)) {
    const std::optional<std::complex<long double>> parsed =
        parse_complex(*text, dtype.itemsize() == 16 && dtype.kind() == Kind::floating);
    const bool is_real = parsed && lower(*text).find('j') == std::string::npos;
    if (dtype.kind() == Kind::floating && !is_real) return std::nullopt;
    return parsed;
  }
  if (const auto* const number = std::get_if<JsonNumber>(&value.value)) {
    // A decimal is a double before anything else, as a Python float is; a Python int becomes a longdouble
    // exactly.
    if (number->is_integer_literal() && dtype.itemsize() == 16 && dtype.kind() == Kind::floating) {
      return std::strtold(number->text.c_str(), nullptr);
    }
    return std::strtod(number->text.c_str(), nullptr);
  }
  return std::nullopt;
}

/// Converts through core, so that rounding and byte order are those of every other cast. True when no finite
/// part became infinite.
bool store_float(std::complex<long double> value, const Dtype& dtype, std::span<std::byte> out) {
  const bool is_complex = dtype.kind() == Kind::complex;
  const bool is_wide = dtype.itemsize() == (is_complex ? 32 : 16);
  const Dtype from = Dtype::simple(dtype.kind(), (is_wide ? 16 : 8) * (is_complex ? 2 : 1));
  std::vector<std::byte> native(static_cast<std::size_t>(from.itemsize()));
  const long double wide[2] = {value.real(), value.imag()};
  const double narrow[2] = {static_cast<double>(value.real()), static_cast<double>(value.imag())};
  const Result<Conversion> forth = Conversion::make(from, dtype), back = Conversion::make(dtype, from);
  if (!forth || !back) return false;
  std::memcpy(native.data(), is_wide ? static_cast<const void*>(wide) : static_cast<const void*>(narrow),
              native.size());
  if (is_wide) {
    // Ten bytes of the sixteen are the number. What memory held in the others must not show: equal texts are
    // equal elements.
    for (std::size_t part = 0; part < native.size(); part += 16) std::memset(native.data() + part + 10, 0, 6);
  }
  bool fits = forth->run(out.data(), 0, native.data(), 0, 1) && back->run(native.data(), 0, out.data(), 0, 1);
  for (int part = 0; part < (is_complex ? 2 : 1); ++part) {
    long double got = 0;
    if (is_wide) {
      std::memcpy(&got, native.data() + part * 16, 16);
    } else {
      double narrow_got = 0;
      std::memcpy(&narrow_got, native.data() + part * 8, 8);
      got = static_cast<long double>(narrow_got);
    }
    fits = fits && !(std::isinf(got) && std::isfinite(wide[part]));
  }
  return fits;
}

std::optional<Error> fill_float(const JsonValue& value, const Dtype& dtype, std::span<std::byte> out) {
  const bool is_complex = dtype.kind() == Kind::complex;
  const std::optional<std::complex<long double>> number = float_value(value, dtype);
  if (!number) {
    return unfit(value, dtype,
                 is_complex ? "a number, or a text such as \"1+2j\" or \"nan\""
                            : "a number, or \"nan\", \"inf\" or \"-inf\"");
  }
  const bool written_finite = !std::holds_alternative<std::string>(value.value) ||
                              lower(std::get<std::string>(value.value)).find("inf") == std::string::npos;
  const bool is_infinite = std::isinf(number->real()) || std::isinf(number->imag());
  if ((written_finite && is_infinite) || !store_float(*number, dtype, out)) {
    return Error{shown(value) + " is too big for " + dtype.name() + "; write \"inf\" if infinity is meant"};
  }
  return std::nullopt;
}

std::optional<Error> fill_time(const JsonValue& value, const Dtype& dtype, std::span<std::byte> out) {
  const auto* const text = std::get_if<std::string>(&value.value);
  if (text == nullptr) return fill_integer(value, dtype, out);
  if (dtype.kind() == Kind::timedelta && !is_not_a_time(*text)) {
    return unfit(value, dtype, "a whole number of its steps, or \"NaT\"");
  }
  const Result<Index> moment = parse_moment(*text, dtype.time_step());
  if (!moment) return moment.error();
  store_integer(static_cast<std::uint64_t>(*moment), dtype, out);
  return std::nullopt;
}

}  // namespace

std::optional<Error> fill_number(const JsonValue& value, const Dtype& dtype, std::span<std::byte> out) {
  switch (dtype.kind()) {
    case Kind::boolean:
      return fill_boolean(value, dtype, out);
    case Kind::signed_integer:
    case Kind::unsigned_integer:
      return fill_integer(value, dtype, out);
    case Kind::floating:
    case Kind::complex:
      return fill_float(value, dtype, out);
    case Kind::timedelta:
    case Kind::datetime:
      return fill_time(value, dtype, out);
    default:
      return unfit(value, dtype, "no number");
  }
}

bool is_special_float(std::string_view text) {
  if (text.starts_with('+') || text.starts_with('-')) text.remove_prefix(1);
  const std::string word = lower(text);
  return word == "nan" || word == "inf" || word == "infinity";
}

}  // namespace ndcat
