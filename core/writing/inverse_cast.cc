#include "core/writing/inverse_cast.h"

#include <algorithm>

namespace ndcat {
namespace {

// Elements of such a size never lie across the borders of pages, nor of the requests that a kernel makes: the
// header of a .npy file has a multiple of 64 bytes.
constexpr Index kHeaderUnit = 64;

bool is_integer(const Dtype& dtype) {
  return dtype.kind() == Kind::signed_integer || dtype.kind() == Kind::unsigned_integer;
}

// Not the 80-bit floats, whose padding has no meaning.
bool is_plain_float(const Dtype& dtype) { return dtype.kind() == Kind::floating && dtype.itemsize() <= 8; }
bool is_plain_complex(const Dtype& dtype) { return dtype.kind() == Kind::complex && dtype.itemsize() <= 16; }

// Bits of the significand: a float holds all integers of so many.
Index significand(Index float_size) { return float_size == 2 ? 11 : float_size == 4 ? 24 : 53; }

// True when no two values of `a` become the same value of `b`.
bool keeps_values_apart(const Dtype& a, const Dtype& b) {
  if (a.native() == b.native()) return !a.is_structured();
  const Index b_float = is_plain_complex(b) ? b.itemsize() / 2 : is_plain_float(b) ? b.itemsize() : 0;
  if (a.kind() == Kind::boolean) return is_integer(b) || b_float != 0;
  if (is_integer(a)) {
    return is_integer(b) ? b.itemsize() >= a.itemsize()
                         : b_float != 0 && 8 * a.itemsize() <= significand(b_float);
  }
  if (is_plain_float(a)) return b_float >= a.itemsize();
  if (is_plain_complex(a)) return is_plain_complex(b) && b.itemsize() >= a.itemsize();
  return false;
}

// The path without what is widened and narrowed again. (Of all values only signalling NaNs do not survive
// that.)
std::vector<Dtype> without_detours(std::vector<Dtype> path) {
  for (std::size_t i = 1; i + 1 < path.size();) {
    const bool is_detour =
        path[i - 1].native() == path[i + 1].native() && keeps_values_apart(path[i - 1], path[i]);
    const auto at = path.begin() + static_cast<std::ptrdiff_t>(i);
    if (is_detour) {
      path.erase(at);
      i = std::max<std::size_t>(i - 1, 1);
    } else {
      ++i;
    }
  }
  return path;
}

Error lossy(const std::vector<Dtype>& path) {
  return Error{"its elements are stored as " + path.front().name() + " and shown as " + path.back().name() +
               ", and that cast cannot be undone exactly"};
}

}  // namespace

Result<InverseCast> InverseCast::make(const std::vector<Dtype>& path) {
  InverseCast inverse;
  inverse.source_itemsize_ = path.front().itemsize();
  inverse.file_itemsize_ = path.back().itemsize();
  Result<Conversion> forth = Conversion::chain(path);
  if (!forth) return forth.error();
  if (forth->is_identity()) return inverse;

  Result<Conversion> back = Conversion::chain({path.rbegin(), path.rend()});
  if (!back) return lossy(path);
  inverse.back_ = *std::move(back);
  if (std::optional<ByteMap> map = byte_map_of(path)) {
    inverse.kind_ = Kind::bytes;
    if (std::ranges::find(*map, kPadding) != map->end()) inverse.forth_ = *std::move(forth);
    inverse.map_ = *std::move(map);
    return inverse;
  }
  const std::vector<Dtype> straight = without_detours(path);
  for (std::size_t i = 1; i < straight.size(); ++i) {
    if (!keeps_values_apart(straight[i - 1], straight[i])) return lossy(path);
  }
  if (kHeaderUnit % inverse.file_itemsize_ != 0) return lossy(path);
  inverse.kind_ = Kind::value;
  inverse.forth_ = *std::move(forth);
  return inverse;
}

}  // namespace ndcat
