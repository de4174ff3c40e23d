// float16 as NumPy computes with it: conversions on bit patterns, rounding to nearest even, NaN payloads
// kept.
#pragma once

#include <bit>
#include <cstdint>

namespace ndcat {

/// The bits of a float16.
struct Half {
  std::uint16_t bits = 0;
};

namespace half_detail {

// To float16 from the bits of a wider binary float with `kFraction` fraction bits and exponent bias `kBias`.
template <class Bits, int kFraction, int kBias>
constexpr std::uint16_t to_half_bits(Bits bits) {
  constexpr int kDropped = kFraction - 10;
  const auto sign = static_cast<std::uint16_t>((bits >> (sizeof(Bits) * 8 - 16)) & 0x8000u);
  const Bits magnitude = bits & (static_cast<Bits>(-1) >> 1);
  constexpr Bits kInfinity = static_cast<Bits>(2 * kBias + 1) << kFraction;
  constexpr Bits kSmallestNormal = static_cast<Bits>(kBias - 14) << kFraction;
  constexpr Bits kOverflow = static_cast<Bits>(kBias + 16) << kFraction;
  if (magnitude >= kOverflow) {
    if (magnitude <= kInfinity) return sign | 0x7C00u;  // infinity, or too large
    const auto payload = static_cast<std::uint16_t>((magnitude >> kDropped) & 0x3FFu);
    return static_cast<std::uint16_t>(sign | 0x7C00u | (payload == 0 ? 1 : payload));
  }
  if (magnitude >= kSmallestNormal) {
    // A carry out of the fraction goes into the exponent, up to infinity: just what rounding up should give.
    const Bits rebiased = magnitude - (static_cast<Bits>(kBias - 15) << kFraction);
    const Bits half_way = (static_cast<Bits>(1) << (kDropped - 1)) - 1 + ((rebiased >> kDropped) & 1);
    return static_cast<std::uint16_t>(sign | ((rebiased + half_way) >> kDropped));
  }
  // Subnormal: the fraction with its hidden bit, shifted down to multiples of 2^-24.
  const int exponent = static_cast<int>(magnitude >> kFraction);
  const int shift = kDropped + (kBias - 14) - exponent;
  if (exponent < kBias - 25) return sign;  // below half of 2^-24
  const Bits hidden = static_cast<Bits>(1) << kFraction;
  const Bits fraction = (magnitude & (hidden - 1)) | hidden;
  const Bits half_way = (static_cast<Bits>(1) << (shift - 1)) - 1 + ((fraction >> shift) & 1);
  return static_cast<std::uint16_t>(sign | ((fraction + half_way) >> shift));
}

// From float16 to the bits of a wider binary float.
template <class Bits, int kFraction, int kBias>
constexpr Bits from_half_bits(std::uint16_t half) {
  constexpr int kAdded = kFraction - 10;
  const Bits sign = static_cast<Bits>(half & 0x8000u) << (sizeof(Bits) * 8 - 16);
  const Bits exponent = (half >> 10) & 0x1Fu;
  const Bits fraction = half & 0x3FFu;
  if (exponent == 0x1F) return sign | (static_cast<Bits>(2 * kBias + 1) << kFraction) | (fraction << kAdded);
  if (exponent != 0) return sign | ((exponent + kBias - 15) << kFraction) | (fraction << kAdded);
  if (fraction == 0) return sign;
  const int shift =
      std::countl_zero(static_cast<std::uint16_t>(fraction)) - 5;  // to bring its first bit to bit 10
  const Bits normal = (fraction << shift) & 0x3FFu;
  return sign | (static_cast<Bits>(kBias - 14 - shift) << kFraction) | (normal << kAdded);
}

}  // namespace half_detail

[[nodiscard]] constexpr Half to_half(float value) {
  return {half_detail::to_half_bits<std::uint32_t, 23, 127>(std::bit_cast<std::uint32_t>(value))};
}
/// Rounds once, not by way of float.
[[nodiscard]] constexpr Half to_half(double value) {
  return {half_detail::to_half_bits<std::uint64_t, 52, 1023>(std::bit_cast<std::uint64_t>(value))};
}
[[nodiscard]] constexpr float to_float(Half half) {
  return std::bit_cast<float>(half_detail::from_half_bits<std::uint32_t, 23, 127>(half.bits));
}
[[nodiscard]] constexpr double to_double(Half half) {
  return std::bit_cast<double>(half_detail::from_half_bits<std::uint64_t, 52, 1023>(half.bits));
}

}  // namespace ndcat
