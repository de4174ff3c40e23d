// Byte swaps of unaligned values, in forms that compilers turn into vector shuffles.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>

namespace ndcat {

[[nodiscard]] constexpr std::uint16_t swapped(std::uint16_t value) { return __builtin_bswap16(value); }
[[nodiscard]] constexpr std::uint32_t swapped(std::uint32_t value) { return __builtin_bswap32(value); }
[[nodiscard]] constexpr std::uint64_t swapped(std::uint64_t value) { return __builtin_bswap64(value); }

template <std::size_t kSize>
struct UnsignedOf;
template <>
struct UnsignedOf<2> {
  using type = std::uint16_t;
};
template <>
struct UnsignedOf<4> {
  using type = std::uint32_t;
};
template <>
struct UnsignedOf<8> {
  using type = std::uint64_t;
};

/// Copies kSize bytes (2, 4, 8 or 16) in reverse.
template <std::size_t kSize>
inline void store_swapped(std::byte* to, const std::byte* from) {
  if constexpr (kSize == 16) {
    std::uint64_t low = 0, high = 0;
    std::memcpy(&low, from, 8);
    std::memcpy(&high, from + 8, 8);
    low = swapped(low);
    high = swapped(high);
    std::memcpy(to, &high, 8);
    std::memcpy(to + 8, &low, 8);
  } else {
    typename UnsignedOf<kSize>::type value;
    std::memcpy(&value, from, kSize);
    value = swapped(value);
    std::memcpy(to, &value, kSize);
  }
}

}  // namespace ndcat
