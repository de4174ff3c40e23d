// The loops of the casts that are compiled for each instruction set, for the file that includes it after
// for_each_target.h: once for each target, so it has no guard.
//
// Most are left to the compiler (cast_loops.h). Only to float16 do processors have instructions that
// compilers make nothing of. They round as NumPy does; NaNs, of which they change the payload, are left to
// the compiler's loops.

HWY_BEFORE_NAMESPACE();
namespace ndcat {
namespace HWY_NAMESPACE {
namespace {

#if NDCAT_VECTORS

namespace hn = hwy::HWY_NAMESPACE;

using Floats = hn::CappedTag<float, 16>;
using Doubles = hn::CappedTag<double, 8>;

HWY_INLINE hn::Vec<Floats> narrowed(Floats, hn::Vec<Floats> vector) { return vector; }

/// Rounds to odd: the last bit that is left is 1 where anything was lost, so that rounding again gives what
/// rounding once would have given.
HWY_INLINE hn::Vec<hn::Rebind<float, Doubles>> narrowed(Doubles doubles, hn::Vec<Doubles> vector) {
  const hn::RebindToUnsigned<Doubles> words;
  const auto lost = hn::Set(words, (std::uint64_t{1} << 29) - 1);  // what a float has no bits for
  const auto bits = hn::BitCast(words, vector);
  const auto carried = hn::Add(hn::And(bits, lost), lost);
  const auto odd = hn::AndNot(lost, hn::Or(bits, carried));
  return hn::DemoteTo(hn::Rebind<float, Doubles>(), hn::BitCast(doubles, odd));
}

/// From native floats or doubles.
template <class Lanes>
void round_to_half(std::byte* to, const std::byte* from, Index count) {
  using From = hn::TFromD<Lanes>;
  constexpr Index kFromSize = sizeof(From), kToSize = sizeof(Half);
  const Lanes lanes;
  const hn::Rebind<hwy::float16_t, Lanes> halves;
  const auto step = static_cast<Index>(hn::Lanes(lanes));
  for (; count >= step; count -= step, from += step * kFromSize, to += step * kToSize) {
    const auto vector = hn::LoadU(lanes, reinterpret_cast<const From*>(from));
    if (hn::AllTrue(lanes, hn::Eq(vector, vector))) {
      hn::StoreU(hn::DemoteTo(halves, narrowed(lanes, vector)), halves,
                 reinterpret_cast<hwy::float16_t*>(to));
    } else {
      convert_dense<Half, From, false>(to, from, step);
    }
  }
  convert_dense<Half, From, false>(to, from, count);
}

/// From anything that NumPy takes to float16 by way of float32 or float64, in a buffer that stays in the
/// cache.
template <class From, bool kSwapped>
void convert_to_half(std::byte* to, const std::byte* from, Index count) {
  constexpr bool is_double = std::is_same_v<From, double>;
  using Lanes = std::conditional_t<is_double, Doubles, Floats>;
  using Wide = hn::TFromD<Lanes>;
  if constexpr (std::is_same_v<From, Wide> && !kSwapped) return round_to_half<Lanes>(to, from, count);
  constexpr Index kBlock = 512, kFromSize = sizeof(From), kToSize = sizeof(Half);
  alignas(64) std::byte wide[kBlock * sizeof(Wide)];
  while (count > 0) {
    const Index n = std::min(kBlock, count);
    convert_dense<Wide, From, kSwapped>(wide, from, n);
    round_to_half<Lanes>(to, wide, n);
    count -= n, from += n * kFromSize, to += n * kToSize;
  }
}

#endif

struct Loops {
  template <class To, class From, bool kSwapped>
  static void run(const Program&, std::byte* to, const std::byte* from, Index count) {
#if NDCAT_VECTORS
    if constexpr (std::is_same_v<To, Half> && !std::is_same_v<From, Half>) {
      return convert_to_half<From, kSwapped>(to, from, count);
    }
#endif
    convert_dense<To, From, kSwapped>(to, from, count);
  }
};

}  // namespace
}  // namespace HWY_NAMESPACE
}  // namespace ndcat
HWY_AFTER_NAMESPACE();
