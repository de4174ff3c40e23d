#include "core/writing/byte_map.h"

#include <algorithm>
#include <numeric>

#include "core/indices.h"

namespace ndcat {
namespace {

// An element with more bytes is not worth a table.
constexpr Index kLargestMapped = Index{64} << 10;

// Bytes that a change of byte order reverses together, in an element without fields.
Index unit_of(const Dtype& dtype) {
  switch (dtype.kind()) {
    case Kind::unicode:
      return 4;
    case Kind::complex:
      return dtype.itemsize() / 2;
    case Kind::bytes:
    case Kind::raw:
      return 1;
    default:
      return dtype.itemsize();
  }
}

// Reverses what `a` and `b` hold in different byte order, in the element of `a` that begins at `at`.
void swap_differing(ByteMap& map, Index at, const Dtype& a, const Dtype& b) {
  if (a.is_structured()) {
    for (std::size_t i = 0; i < a.fields().size(); ++i) {
      const Field& field = a.fields()[i];
      const Index count = element_count(field.shape).value_or(0);
      for (Index k = 0; k < count; ++k) {
        swap_differing(map, at + field.offset + k * field.dtype.itemsize(), field.dtype, b.fields()[i].dtype);
      }
    }
    return;
  }
  const Index unit = unit_of(a);
  if (a.byte_order() == b.byte_order() || unit < 2) return;
  for (Index begin = at; begin + unit <= at + a.itemsize(); begin += unit) {
    std::reverse(map.begin() + begin, map.begin() + begin + unit);
  }
}

// Counts for every byte of an element how many fields hold it.
void count_uses(std::vector<int>& uses, Index at, const Dtype& dtype) {
  for (const Field& field : dtype.fields()) {
    const Index count = element_count(field.shape).value_or(0), size = field.dtype.itemsize();
    for (Index k = 0; k < count; ++k) {
      const Index begin = at + field.offset + k * size;
      if (field.dtype.is_structured()) {
        count_uses(uses, begin, field.dtype);
      } else {
        for (Index i = begin; i < begin + size; ++i) ++uses[static_cast<std::size_t>(i)];
      }
    }
  }
}

// True when every byte of an element belongs to exactly one field: none to two, and none is padding, which a
// conversion of whole elements would not leave alone.
bool is_dense(const Dtype& dtype) {
  if (!dtype.is_structured()) return true;
  std::vector<int> uses(static_cast<std::size_t>(dtype.itemsize()), 0);
  count_uses(uses, 0, dtype);
  return std::ranges::all_of(uses, [](int count) { return count == 1; });
}

bool is_text(const Dtype& dtype) {
  const bool has_kind =
      dtype.kind() == Kind::bytes || dtype.kind() == Kind::unicode || dtype.kind() == Kind::raw;
  return has_kind && !dtype.is_structured();
}

std::optional<ByteMap> step(ByteMap map, const Dtype& a, const Dtype& b) {
  if (a.native() == b.native()) {
    if (!is_dense(a)) return std::nullopt;
    swap_differing(map, 0, a, b);
    return map;
  }
  if (!is_text(a) || !is_text(b) || a.kind() != b.kind() || b.itemsize() < a.itemsize()) return std::nullopt;
  swap_differing(map, 0, a, b);
  map.resize(static_cast<std::size_t>(b.itemsize()), kPadding);
  return map;
}

}  // namespace

std::optional<ByteMap> byte_map_of(const std::vector<Dtype>& path) {
  if (std::ranges::any_of(path, [](const Dtype& dtype) { return dtype.itemsize() > kLargestMapped; })) {
    return std::nullopt;
  }
  ByteMap map(static_cast<std::size_t>(path.front().itemsize()));
  std::iota(map.begin(), map.end(), 0);
  for (std::size_t i = 1; i < path.size(); ++i) {
    if (path[i - 1] == path[i]) continue;
    std::optional<ByteMap> next = step(std::move(map), path[i - 1], path[i]);
    if (!next) return std::nullopt;
    map = *std::move(next);
  }
  return map;
}

}  // namespace ndcat
