// float16 as NumPy computes with it: conversions on bit patterns, rounding to nearest even, NaN payloads
// kept. Without branches, so that compilers turn loops of them into vector instructions.
#pragma once

#include <bit>
#include <cstdint>
#include <limits>

namespace ndcat {

/// The bits of a float16.
struct Half {
  std::uint16_t bits = 0;
};

namespace half_detail {

/// `condition ? yes : no`, both computed: a conditional expression of floats may become a branch.
template <class Bits>
constexpr Bits select(bool condition, Bits yes, Bits no) {
  const Bits mask = static_cast<Bits>(0) - static_cast<Bits>(condition);
  return (yes & mask) | (no & ~mask);
}

/// The bit patterns of a binary float wider than float16.
template <class T, class B>
struct Wide {
  using Bits = B;
  static constexpr int kFraction = std::numeric_limits<T>::digits - 1;
  static constexpr int kBias = std::numeric_limits<T>::max_exponent - 1;
  static constexpr int kMore = kFraction - 10;  // fraction bits that a float16 does not have
  static constexpr Bits exponent(int e) { return static_cast<Bits>(e + kBias) << kFraction; }
  static constexpr Bits kInfinity = exponent(kBias + 1);
  static constexpr T power(int e) { return std::bit_cast<T>(exponent(e)); }
};

template <class T, class Bits>
constexpr Half to_half(T value) {
  using W = Wide<T, Bits>;
  const Bits bits = std::bit_cast<Bits>(value);
  const Bits magnitude = bits & (static_cast<Bits>(-1) >> 1);
  // Normal: a carry out of the fraction goes into the exponent, up to infinity: just what rounding up should
  // give.
  const Bits rebiased = magnitude - (W::exponent(-14) - (Bits{1} << W::kFraction));
  const Bits half_way = (Bits{1} << (W::kMore - 1)) - 1 + ((rebiased >> W::kMore) & 1);
  const Bits normal = (rebiased + half_way) >> W::kMore;
  // Subnormal: the addition rounds to a multiple of 2^-24, and leaves that multiple in the last bits of the
  // sum. What rounds to zero goes as zero, for processors are slow with numbers that are subnormal
  // themselves.
  constexpr int kUnit = W::kFraction - 24;
  const T small = std::bit_cast<T>(select(magnitude < W::exponent(-25), Bits{0}, magnitude));
  const Bits subnormal = std::bit_cast<Bits>(small + W::power(kUnit)) - W::exponent(kUnit);
  const Bits payload = (magnitude >> W::kMore) & 0x3FF;
  const Bits nan = 0x7C00 | payload | static_cast<Bits>(payload == 0);
  Bits result = select(magnitude < W::exponent(-14), subnormal, normal);
  result = select(magnitude >= W::exponent(16), Bits{0x7C00}, result);
  result = select(magnitude > W::kInfinity, nan, result);
  const Bits sign = (bits >> (sizeof(Bits) * 8 - 16)) & 0x8000;
  return {static_cast<std::uint16_t>(sign | result)};
}

/// The upper half of the bits of the same double; the lower half is zero. In 32 bits, of which vectors hold
/// twice as many.
constexpr std::uint32_t upper_double_bits(Half half) {
  const std::uint32_t sign = (half.bits & 0x8000u) << 16;
  const std::uint32_t magnitude = half.bits & 0x7FFFu;
  const std::uint32_t normal = (magnitude << 10) + ((1023u - 15u) << 20);
  // Subnormal: a count of 2^-24, which becomes a float and that float's bits a double's.
  const auto count = std::bit_cast<std::uint32_t>(static_cast<float>(static_cast<std::int32_t>(magnitude)));
  const std::uint32_t subnormal = (count >> 3) + ((1023u - 127u - 24u) << 20);
  const std::uint32_t finite = select(magnitude < 0x0400u, subnormal, normal);
  const std::uint32_t special = select(magnitude >= 0x7C00u, 0x7FF00000u, 0u);
  return sign | select(magnitude == 0, 0u, finite | special);
}

}  // namespace half_detail

[[nodiscard]] constexpr Half to_half(float value) {
  return half_detail::to_half<float, std::uint32_t>(value);
}
/// Rounds once, not by way of float.
[[nodiscard]] constexpr Half to_half(double value) {
  return half_detail::to_half<double, std::uint64_t>(value);
}
[[nodiscard]] constexpr double to_double(Half half) {
  return std::bit_cast<double>(static_cast<std::uint64_t>(half_detail::upper_double_bits(half)) << 32);
}
[[nodiscard]] constexpr float to_float(Half half) {
  const std::uint32_t sign = (half.bits & 0x8000u) << 16;
  const std::uint32_t magnitude = (half.bits & 0x7FFFu) << 13;
  const std::uint32_t normal = magnitude + ((127u - 15u) << 23);
  constexpr std::uint32_t kSmallestNormal = (127u - 14u) << 23;
  const auto subnormal =
      std::bit_cast<std::uint32_t>(std::bit_cast<float>(magnitude | kSmallestNormal) - 0x1p-14F);
  const std::uint32_t finite = half_detail::select(magnitude < (0x0400u << 13), subnormal, normal);
  const std::uint32_t special = half_detail::select(magnitude >= (0x7C00u << 13), 0x7F800000u, 0u);
  return std::bit_cast<float>(sign | finite | special);
}

}  // namespace ndcat
