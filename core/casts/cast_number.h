// The values of casts between numbers, and how they lie in memory. Private to the conversion.
#pragma once

#include <bit>
#include <cmath>
#include <concepts>
#include <cstring>
#include <limits>
#include <type_traits>

#include "core/casts/byte_swap.h"
#include "core/casts/cast_program.h"
#include "core/casts/half_float.h"
#include "core/dtypes/type_class.h"

namespace ndcat {

/// A byte that is true when it is not zero; as NumPy, other values than 0 and 1 are taken for 1.
struct Bool {
  std::uint8_t byte = 0;
};

template <class T>
struct Complex {
  T real, imag;
};

template <class T>
inline constexpr bool is_complex = false;
template <class T>
inline constexpr bool is_complex<Complex<T>> = true;

// ---- Values ----

/// Float to signed integer as x86-64 does it: out of range and NaN give the smallest value. They become that
/// value before the conversion, so that loops convert without a condition.
template <std::signed_integral To, std::floating_point From>
inline To truncated(From value) {
  constexpr auto kLow = static_cast<From>(std::numeric_limits<To>::min());
  // What truncates to the smallest value need not be within: it gives the same.
  return static_cast<To>(std::fabs(value) < -kLow ? value : kLow);
}

/// Float to any integer as NumPy 1.24 on x86-64 has it, which is what gcc makes of a C cast: by way of a
/// wider signed integer where there is one.
template <std::integral To, std::floating_point From>
inline To to_integer(From value) {
  constexpr bool is_x87 = std::is_same_v<From, long double>;
  if constexpr (std::is_same_v<To, std::uint64_t>) {
    constexpr auto kHalf = static_cast<From>(9223372036854775808.0);  // 2^63
    if (!(value >= kHalf)) return static_cast<To>(truncated<std::int64_t>(value));
    return static_cast<To>(truncated<std::int64_t>(value - kHalf)) ^ (std::uint64_t{1} << 63);
  } else if constexpr (std::is_same_v<To, std::uint32_t>) {
    return static_cast<To>(truncated<std::int64_t>(value));
  } else if constexpr (is_x87 && (sizeof(To) == 1 || std::is_same_v<To, std::int16_t>)) {
    return static_cast<To>(truncated<std::int16_t>(value));
  } else if constexpr (sizeof(To) < 4) {
    return static_cast<To>(truncated<std::int32_t>(value));
  } else {
    return truncated<To>(value);
  }
}

/// One real number to another.
template <class To, class From>
inline To to_real(From value) {
  if constexpr (std::is_same_v<To, From>) {
    return value;
  } else if constexpr (std::is_same_v<From, Bool>) {
    return to_real<To>(static_cast<std::int8_t>(value.byte != 0));
  } else if constexpr (std::is_same_v<From, Half>) {
    if constexpr (std::is_same_v<To, double>) {
      return to_double(value);
    } else {
      return to_real<To>(to_float(value));
    }
  } else if constexpr (std::is_same_v<To, Half>) {
    if constexpr (std::is_same_v<From, double>) {
      return to_half(value);
    } else {
      return to_half(static_cast<float>(value));
    }
  } else if constexpr (std::is_integral_v<To> && std::is_floating_point_v<From>) {
    return to_integer<To>(value);
  } else {
    return static_cast<To>(value);
  }
}

template <class From>
inline bool is_nonzero(From value) {
  if constexpr (is_complex<From>) {
    return is_nonzero(value.real) || is_nonzero(value.imag);
  } else if constexpr (std::is_same_v<From, Half>) {
    return (value.bits & 0x7FFF) != 0;
  } else if constexpr (std::is_same_v<From, Bool>) {
    return value.byte != 0;
  } else {
    return value < 0 || value > 0 || value != value;  // NaN is true
  }
}

template <class To, class From>
inline To converted(From value) {
  if constexpr (std::is_same_v<To, From>) {
    return value;
  } else if constexpr (std::is_same_v<To, Bool>) {
    return {static_cast<std::uint8_t>(is_nonzero(value))};
  } else if constexpr (is_complex<To>) {
    using Part = decltype(To::real);
    if constexpr (is_complex<From>) {
      return {to_real<Part>(value.real), to_real<Part>(value.imag)};
    } else {
      return {to_real<Part>(value), Part{}};
    }
  } else if constexpr (is_complex<From>) {
    return to_real<To>(value.real);
  } else {
    return to_real<To>(value);
  }
}

// ---- Memory ----

template <class T, bool kSwapped>
inline T load(const std::byte* from) {
  if constexpr (is_complex<T>) {
    using Part = decltype(T::real);
    return {load<Part, kSwapped>(from), load<Part, kSwapped>(from + sizeof(Part))};
  } else {
    T value;
    if constexpr (kSwapped && sizeof(T) > 1) {
      std::byte bytes[sizeof(T)];
      store_swapped<sizeof(T)>(bytes, from);
      std::memcpy(&value, bytes, sizeof(T));
    } else {
      std::memcpy(&value, from, sizeof(T));
    }
    return value;
  }
}

/// long double has 6 bytes of padding, stored as zeros.
template <class T>
inline void store(std::byte* to, T value) {
  if constexpr (is_complex<T>) {
    store(to, value.real);
    store(to + sizeof(value.real), value.imag);
  } else if constexpr (std::is_same_v<T, long double>) {
    std::byte bytes[sizeof(T)] = {};
    std::memcpy(bytes, &value, 10);
    std::memcpy(to, bytes, sizeof(T));
  } else {
    std::memcpy(to, &value, sizeof(T));
  }
}

}  // namespace ndcat
