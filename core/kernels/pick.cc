// Every n-th element to neighbours, forwards or backwards: what selecting with a step asks for.
#include <cstdint>
#include <cstring>

#include "core/kernels/vector_tiles.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "core/kernels/pick.cc"
#include "core/kernels/for_each_target.h"

HWY_BEFORE_NAMESPACE();
namespace ndcat {
namespace HWY_NAMESPACE {
namespace {

#if NDCAT_VECTORS

namespace hn = hwy::HWY_NAMESPACE;

template <class T>
using Lanes = hn::CappedTag<T, 64 / sizeof(T)>;

/// The first lane of each kStep from `from` on.
template <int kStep, class T>
HWY_INLINE hn::Vec<Lanes<T>> pick(Lanes<T> lanes, const T* from) {
  if constexpr (kStep == 1) {
    return hn::LoadU(lanes, from);
  } else if constexpr (kStep == 3) {
    hn::Vec<Lanes<T>> first, second, third;
    hn::LoadInterleaved3(lanes, from, first, second, third);
    return first;
  } else {
    static_assert(kStep % 2 == 0);
    const auto low = pick<kStep / 2>(lanes, from);
    const auto high = pick<kStep / 2>(lanes, from + hn::Lanes(lanes) * (kStep / 2));
    return hn::ConcatEven(lanes, high, low);
  }
}

template <class T>
HWY_INLINE hn::Vec<Lanes<T>> reversed(Lanes<T> lanes, hn::Vec<Lanes<T>> vector) {
  if constexpr (sizeof(T) == 1) {
    // Pairs of bytes by the library, which has no reversal of bytes, and then the two of each pair.
    const hn::Repartition<std::uint16_t, Lanes<T>> pairs;
    const auto turned = hn::Reverse(pairs, hn::BitCast(pairs, vector));
    return hn::BitCast(lanes, hn::Or(hn::ShiftLeft<8>(turned), hn::ShiftRight<8>(turned)));
  } else {
    return hn::Reverse(lanes, vector);
  }
}

template <class T, int kStep, bool kReversed>
void pick_rows(std::byte* to, TileSide to_side, const std::byte* from, TileSide from_side, Index rows,
               Index columns, Index) {
  constexpr Index kSize = sizeof(T);
  const Lanes<T> lanes;
  const auto count = static_cast<Index>(hn::Lanes(lanes));
  for (Index row = 0; row < rows; ++row) {
    std::byte* target = to + row * to_side.row_stride;
    const std::byte* source = from + row * from_side.row_stride;
    Index left = columns;
    // One element more, so that the bytes after the last one of the vectors are between two of ours.
    for (; left > count; left -= count) {
      const auto picked = pick<kStep>(lanes, reinterpret_cast<const T*>(source));
      source += count * kStep * kSize;
      if constexpr (kReversed) {
        hn::StoreU(reversed<T>(lanes, picked), lanes, reinterpret_cast<T*>(target - (count - 1) * kSize));
        target -= count * kSize;
      } else {
        hn::StoreU(picked, lanes, reinterpret_cast<T*>(target));
        target += count * kSize;
      }
    }
    for (; left > 0; --left) {
      std::memcpy(target, source, sizeof(T));
      target += kReversed ? -kSize : kSize;
      source += kStep * kSize;
    }
  }
}

template <class T, bool kReversed>
CopyTile find_step(Index step) {
  switch (step) {
    case 1:
      return pick_rows<T, 1, kReversed>;
    case 2:
      return pick_rows<T, 2, kReversed>;
    case 3:
      return pick_rows<T, 3, kReversed>;
    case 4:
      return pick_rows<T, 4, kReversed>;
    case 8:
      return pick_rows<T, 8, kReversed>;
    default:
      return nullptr;
  }
}

template <bool kReversed>
CopyTile find_unit(Index unit, Index step) {
  switch (unit) {
    case 1:
      return find_step<std::uint8_t, kReversed>(step);
    case 2:
      return find_step<std::uint16_t, kReversed>(step);
    case 4:
      return find_step<std::uint32_t, kReversed>(step);
    case 8:
      return find_step<std::uint64_t, kReversed>(step);
    default:
      return nullptr;
  }
}

CopyTile find_pick(Index unit, Index step) { return find_unit<false>(unit, step); }
CopyTile find_pick_reversed(Index unit, Index step) { return find_unit<true>(unit, step); }

#else

CopyTile find_pick(Index, Index) { return nullptr; }
CopyTile find_pick_reversed(Index, Index) { return nullptr; }

#endif

}  // namespace
}  // namespace HWY_NAMESPACE
}  // namespace ndcat
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace ndcat {

HWY_EXPORT(find_pick);
HWY_EXPORT(find_pick_reversed);

CopyTile pick_tile(Index unit, Index step) { return HWY_DYNAMIC_DISPATCH(find_pick)(unit, step); }
CopyTile pick_reversed_tile(Index unit, Index step) {
  return HWY_DYNAMIC_DISPATCH(find_pick_reversed)(unit, step);
}

}  // namespace ndcat
#endif
