// Neighbours to every n-th element: what joining along the fastest axis asks for.
//
// A vector of the source becomes as many vectors of the target as the step: bytes move to their places within
// each block of 16 bytes, which two shuffles do, and go between what the target has there already.
#include <array>
#include <cstdint>
#include <cstring>

#include "core/kernels/vector_tiles.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "core/kernels/spread.cc"
#include "core/kernels/for_each_target.h"

HWY_BEFORE_NAMESPACE();
namespace ndcat {
namespace HWY_NAMESPACE {
namespace {

#if NDCAT_VECTORS

namespace hn = hwy::HWY_NAMESPACE;

using Bytes = hn::CappedTag<std::uint8_t, 64>;
using Words = hn::Repartition<std::uint32_t, Bytes>;
constexpr std::size_t kBytes = HWY_MAX_BYTES < 64 ? HWY_MAX_BYTES : 64;
constexpr std::size_t kBlock = 16;

/// How each of the kStep vectors of the target is made.
template <std::size_t kUnit, std::size_t kStep>
struct Spread {
  alignas(64) std::array<std::array<std::uint32_t, kBytes / 4>, kStep> words{};  // of the source, by blocks
  alignas(64) std::array<std::array<std::uint8_t, kBytes>, kStep> bytes{};       // of those blocks; 128: none
  alignas(64) std::array<std::array<std::uint8_t, kBytes>, kStep> kept{};        // 255: the target's own

  constexpr Spread() {
    for (std::size_t vector = 0; vector < kStep; ++vector) {
      for (std::size_t i = 0; i < kBytes; ++i) {
        const std::size_t at = vector * kBytes + i;
        const std::size_t element = at / (kUnit * kStep), within = at % (kUnit * kStep);
        const bool ours = within < kUnit;
        bytes[vector][i] = static_cast<std::uint8_t>(ours ? (element * kUnit + within) % kBlock : 128);
        kept[vector][i] = ours ? 0 : 255;
        // All that a block of the target takes lies in one block of the source.
        if (i % 4 == 0) {
          const std::size_t block = at / kBlock / kStep;
          words[vector][i / 4] = static_cast<std::uint32_t>(block * 4 + i / 4 % 4);
        }
      }
    }
  }
};

template <std::size_t kUnit, std::size_t kStep>
void spread(std::byte* to, TileSide to_side, const std::byte* from, TileSide from_side, Index rows,
            Index columns, Index) {
  static constexpr Spread<kUnit, kStep> kSpread;
  constexpr Index kElements = kBytes / kUnit;
  const Bytes bytes;
  const Words words;
  for (Index row = 0; row < rows; ++row) {
    auto* target = reinterpret_cast<std::uint8_t*>(to + row * to_side.row_stride);
    const auto* source = reinterpret_cast<const std::uint8_t*>(from + row * from_side.row_stride);
    Index left = columns;
    // One element more, so that the bytes after the last one of the vectors are between two of ours.
    for (; left > kElements; left -= kElements) {
      const auto loaded = hn::BitCast(words, hn::LoadU(bytes, source));
      source += kBytes;
      for (std::size_t vector = 0; vector < kStep; ++vector, target += kBytes) {
        const auto blocks =
            hn::TableLookupLanes(loaded, hn::SetTableIndices(words, kSpread.words[vector].data()));
        const auto placed = hn::TableLookupBytesOr0(hn::BitCast(bytes, blocks),
                                                    hn::Load(bytes, kSpread.bytes[vector].data()));
        const auto kept = hn::And(hn::LoadU(bytes, target), hn::Load(bytes, kSpread.kept[vector].data()));
        hn::StoreU(hn::Or(placed, kept), bytes, target);
      }
    }
    for (; left > 0; --left) {
      std::memcpy(target, source, kUnit);
      target += kUnit * kStep;
      source += kUnit;
    }
  }
}

template <std::size_t kUnit>
CopyTile find_step(Index step) {
  // A vector of the target costs as much as some three elements by themselves.
  if (static_cast<std::size_t>(step) * kUnit * 4 > kBytes) return nullptr;
  switch (step) {
    case 2:
      return spread<kUnit, 2>;
    case 3:
      return spread<kUnit, 3>;
    case 4:
      return spread<kUnit, 4>;
    case 5:
      return spread<kUnit, 5>;
    case 6:
      return spread<kUnit, 6>;
    case 7:
      return spread<kUnit, 7>;
    case 8:
      return spread<kUnit, 8>;
    default:
      return nullptr;
  }
}

CopyTile find_spread(Index unit, Index step) {
  switch (unit) {
    case 1:
      return find_step<1>(step);
    case 2:
      return find_step<2>(step);
    case 4:
      return find_step<4>(step);
    case 8:
      return find_step<8>(step);
    default:
      return nullptr;
  }
}

#else

CopyTile find_spread(Index, Index) { return nullptr; }

#endif

}  // namespace
}  // namespace HWY_NAMESPACE
}  // namespace ndcat
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace ndcat {

HWY_EXPORT(find_spread);

CopyTile spread_tile(Index unit, Index step) { return HWY_DYNAMIC_DISPATCH(find_spread)(unit, step); }

}  // namespace ndcat
#endif
