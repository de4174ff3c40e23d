#include "core/casts/number_text.h"

#include <cmath>

namespace ndcat {
namespace {

// The shortest decimal digits that give the value back, and the exponent of the first one.
struct Digits {
  std::array<char, 40> chars;
  int count = 0;
  int exponent = 0;

  [[nodiscard]] std::string_view view() const { return {chars.data(), static_cast<std::size_t>(count)}; }
};

// From "d.ddde-05", as to_chars writes it.
Digits digits_of(std::string_view scientific) {
  Digits digits;
  const std::size_t e = scientific.find('e');
  for (const char c : scientific.substr(0, e)) {
    if (c != '.') digits.chars[static_cast<std::size_t>(digits.count++)] = c;
  }
  const char* const exponent = scientific.data() + e + (scientific[e + 1] == '+' ? 2 : 1);
  std::from_chars(exponent, scientific.data() + scientific.size(), digits.exponent);
  while (digits.count > 1 && digits.view().back() == '0') --digits.count;
  return digits;
}

// Precondition, here and below: finite and > 0.
template <std::floating_point T>
Digits shortest_digits(T value) {
  std::array<char, 64> buffer;
  const auto end =
      std::to_chars(buffer.data(), buffer.data() + buffer.size(), value, std::chars_format::scientific);
  return digits_of({buffer.data(), static_cast<std::size_t>(end.ptr - buffer.data())});
}

double power_of_10(int exponent) {
  double power = 1;
  for (int i = 0; i < std::abs(exponent); ++i) power *= 10;
  return exponent < 0 ? 1 / power : power;
}

// A half has at most five digits: tries one, two, ... of them, next to the exact value on both sides.
Digits shortest_digits(Half half) {
  const double value = to_double(half);
  for (int count = 1;; ++count) {
    std::array<char, 32> buffer;
    const auto end = std::to_chars(buffer.data(), buffer.data() + buffer.size(), value,
                                   std::chars_format::scientific, count - 1);
    const Digits nearest = digits_of({buffer.data(), static_cast<std::size_t>(end.ptr - buffer.data())});
    int integer = 0;
    std::from_chars(nearest.chars.data(), nearest.chars.data() + nearest.count, integer);
    for (int missing = count - nearest.count; missing > 0; --missing) integer *= 10;
    for (const int candidate : {integer, integer + 1, integer - 1}) {
      const int scale = nearest.exponent - count + 1;
      // Exact enough: a half's neighbours are 2^-11 of it away, far more than the error of this product.
      if (to_half(candidate * power_of_10(scale)).bits != half.bits) continue;
      Digits digits;
      const auto last =
          std::to_chars(digits.chars.data(), digits.chars.data() + digits.chars.size(), candidate);
      digits.count = static_cast<int>(last.ptr - digits.chars.data());
      digits.exponent = scale + digits.count - 1;
      while (digits.count > 1 && digits.view().back() == '0') --digits.count;
      return digits;
    }
  }
}

// 0.00012, 120.0 (or 120)
void append_positional(ShortText& text, const Digits& digits, bool point_zero) {
  const int before_point = digits.exponent + 1;
  if (before_point <= 0) {
    text.append("0.");
    text.append_repeated('0', -before_point);
    text.append(digits.view());
    return;
  }
  const auto whole = static_cast<std::size_t>(std::min(before_point, digits.count));
  text.append(digits.view().substr(0, whole));
  text.append_repeated('0', before_point - digits.count);
  if (digits.count > before_point) {
    text.append('.');
    text.append(digits.view().substr(whole));
  } else if (point_zero) {
    text.append(".0");
  }
}

// 1e-05, 1.2e+300
void append_scientific(ShortText& text, const Digits& digits) {
  text.append(digits.view().front());
  if (digits.count > 1) {
    text.append('.');
    text.append(digits.view().substr(1));
  }
  text.append('e');
  text.append(digits.exponent < 0 ? '-' : '+');
  text.append_digits(std::abs(digits.exponent), 2);
}

long double wide(Half value) { return static_cast<long double>(to_double(value)); }
template <std::floating_point T>
long double wide(T value) {
  return static_cast<long double>(value);
}

Half magnitude(Half value) { return {static_cast<std::uint16_t>(value.bits & 0x7FFF)}; }
template <std::floating_point T>
T magnitude(T value) {
  return std::fabs(value);
}

// `plus`: a sign even before positive values; `point_zero`: "1.0" rather than "1".
template <class T>
void append_real(ShortText& text, T value, bool plus, bool point_zero) {
  const long double exact = wide(value);
  if (std::isnan(exact)) {
    text.append(plus ? "+nan" : "nan");
    return;
  }
  if (std::signbit(exact))
    text.append('-');
  else if (plus)
    text.append('+');
  const long double size = std::fabs(exact);
  if (std::isinf(exact)) {
    text.append("inf");
  } else if (size == 0) {
    text.append(point_zero ? "0.0" : "0");
  } else if (size < 1e16L && size >= 1e-4L) {
    append_positional(text, shortest_digits(magnitude(value)), point_zero);
  } else {
    append_scientific(text, shortest_digits(magnitude(value)));
  }
}

template <class T>
void append_complex(ShortText& text, Complex<T> value) {
  if (value.real == 0 && !std::signbit(value.real)) {
    append_real(text, value.imag, false, false);
    text.append('j');
    return;
  }
  text.append('(');
  append_real(text, value.real, false, false);
  append_real(text, value.imag, true, false);
  text.append("j)");
}

}  // namespace

void ShortText::append_digits(std::int64_t value, int least_digits) {
  std::array<char, 24> digits;
  const auto last = std::to_chars(digits.data(), digits.data() + digits.size(), value);
  const auto count = static_cast<int>(last.ptr - digits.data());
  const bool negative = value < 0;
  if (negative) append('-');
  append_repeated('0', least_digits - count);
  append(std::string_view(digits.data() + negative, static_cast<std::size_t>(count - negative)));
}

void append_text(ShortText& text, Bool value) { text.append(value.byte != 0 ? "True" : "False"); }
void append_text(ShortText& text, Half value) { append_real(text, value, false, true); }
void append_text(ShortText& text, float value) { append_real(text, value, false, true); }
void append_text(ShortText& text, double value) { append_real(text, value, false, true); }
void append_text(ShortText& text, long double value) { append_real(text, value, false, true); }
void append_text(ShortText& text, Complex<float> value) { append_complex(text, value); }
void append_text(ShortText& text, Complex<double> value) { append_complex(text, value); }
void append_text(ShortText& text, Complex<long double> value) { append_complex(text, value); }

}  // namespace ndcat
