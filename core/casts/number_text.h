// Values as text, as str() of NumPy's scalars has it: what casts from numbers and times to S and U write.
#pragma once

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdint>
#include <string_view>

#include "core/casts/cast_number.h"
#include "core/dtypes/dtype.h"

namespace ndcat {

/// A short text, in place. 128 characters hold the longest: a complex of long doubles.
class ShortText {
 public:
  void append(char c) { chars_[size_++] = c; }
  void append(std::string_view text) {
    for (const char c : text) append(c);
  }
  void append_digits(std::int64_t value, int least_digits);
  void append_repeated(char c, int times) {
    for (; times > 0; --times) append(c);
  }
  template <std::integral T>
  void append_integer(T value) {
    size_ = static_cast<std::size_t>(std::to_chars(end(), chars_.data() + chars_.size(), value).ptr -
                                     chars_.data());
  }
  void truncate(std::size_t size) { size_ = std::min(size_, size); }
  [[nodiscard]] std::string_view view() const { return {chars_.data(), size_}; }

 private:
  char* end() { return chars_.data() + size_; }
  std::array<char, 128> chars_;
  std::size_t size_ = 0;
};

/// "True", "-12", "0.1", "1e-05", "nan", "(1-2.5j)".
void append_text(ShortText& text, Bool value);
void append_text(ShortText& text, Half value);
void append_text(ShortText& text, float value);
void append_text(ShortText& text, double value);
void append_text(ShortText& text, long double value);
void append_text(ShortText& text, Complex<float> value);
void append_text(ShortText& text, Complex<double> value);
void append_text(ShortText& text, Complex<long double> value);
template <std::integral T>
void append_text(ShortText& text, T value) {
  text.append_integer(value);
}

/// "5 seconds", "NaT".
void append_timedelta(ShortText& text, std::int64_t value, TimeStep step);
/// "2001-02-03T04:05:06", "NaT". False: a value without a unit is no date.
[[nodiscard]] bool append_datetime(ShortText& text, std::int64_t value, TimeStep step);

}  // namespace ndcat
