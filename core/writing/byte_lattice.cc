#include "core/writing/byte_lattice.h"

#include <algorithm>
#include <functional>
#include <numeric>
#include <set>
#include <span>

namespace ndcat {
namespace {

using Meeting = std::optional<std::pair<std::size_t, std::size_t>>;
using Lattices = std::vector<ByteLattice>;

// Beyond it nothing is proved; what manifests can say of arrays needs a few levels for each axis.
constexpr int kDeepest = 40;
constexpr int kMostTries = 64;  // of windows
constexpr std::size_t kMostInPairs = 300;

// Calls look(group) for every group of two or more whose intervals hang together, until one returns a
// meeting.
template <class Look>
Meeting for_each_cluster(Lattices& parts, Look look) {
  std::ranges::sort(parts, {}, &ByteLattice::begin);
  for (std::size_t first = 0; first < parts.size();) {
    Index end = parts[first].begin + parts[first].reach();
    std::size_t last = first + 1;
    for (; last < parts.size() && parts[last].begin < end; ++last) {
      end = std::max(end, parts[last].begin + parts[last].reach());
    }
    if (last - first > 1) {
      if (Meeting found = look(std::span(parts).subspan(first, last - first))) return found;
    }
    first = last;
  }
  return std::nullopt;
}

Meeting any_two(std::span<const ByteLattice> group) { return std::pair(group[0].part, group[1].part); }

// What the axes of `part` reach that `modulus` does not divide.
Index inner_reach(const ByteLattice& part, Index modulus) {
  Index sum = part.width;
  for (const ByteLattice::Axis& axis : part.axes) {
    if (axis.stride % modulus != 0) sum += axis.stride * (axis.extent - 1);
  }
  return sum;
}

// Where windows of `modulus` bytes can begin (somewhere from 0 on) so that no part's inner reach crosses from
// one into the next; nothing when they cannot.
std::optional<Index> find_base(std::span<const ByteLattice> cluster, Index modulus) {
  std::vector<std::pair<Index, Index>> intervals;  // begin and end, the former within a window at 0
  Index covered = 0;  // of that window, by parts that come in from the one before
  for (const ByteLattice& part : cluster) {
    const Index begin = part.begin % modulus, end = begin + inner_reach(part, modulus);
    if (end - begin > modulus) return std::nullopt;
    covered = std::max(covered, end - modulus);
    intervals.emplace_back(begin, end);
  }
  std::ranges::sort(intervals);
  for (const auto& [begin, end] : intervals) {
    if (begin >= covered) return begin;
    covered = std::max(covered, end);
  }
  return std::nullopt;
}

// Windows that take the parts apart: those of the largest stride that will do, or of a divisor of several.
struct Windows {
  Index modulus = 0, base = 0;
};
std::optional<Windows> find_windows(std::span<const ByteLattice> cluster) {
  std::set<Index, std::greater<>> strides;
  for (const ByteLattice& part : cluster) {
    for (const ByteLattice::Axis& axis : part.axes) strides.insert(axis.stride);
  }
  Windows windows;
  int tries = kMostTries;
  for (const Index stride : strides) {
    const Index modulus = std::gcd(windows.modulus, stride);
    if (modulus == windows.modulus) continue;
    windows.modulus = modulus;
    const std::optional<Index> base = find_base(cluster, modulus);
    if (base) return Windows{modulus, *base};
    if (--tries == 0) break;
  }
  return std::nullopt;
}

// `part` within its window, and in which windows it is.
struct Windowed {
  ByteLattice inner, outer;
};
Windowed windowed(const ByteLattice& part, const Windows& windows) {
  const Index modulus = windows.modulus,
              at = part.begin - windows.base + modulus;  // not negative: base < modulus
  Windowed result{{part.part, at % modulus, part.width, {}}, {part.part, at / modulus, 1, {}}};
  for (const ByteLattice::Axis& axis : part.axes) {
    if (axis.stride % modulus == 0) {
      result.outer.axes.push_back({axis.stride / modulus, axis.extent});
    } else {
      result.inner.axes.push_back(axis);
    }
  }
  return result;
}

Meeting find_in(Lattices parts, int depth);

// The members of `from` that `group` names.
Lattices chosen(std::span<const ByteLattice> from, std::span<const ByteLattice> group) {
  Lattices result;
  result.reserve(group.size());
  for (const ByteLattice& member : group) result.push_back(from[member.part]);
  return result;
}

// As find_in(), but two by two: each pair may come apart in a way of its own.
Meeting find_pair(std::span<const ByteLattice> group, int depth) {
  if (group.size() == 2 || group.size() > kMostInPairs) return any_two(group);
  for (std::size_t i = 1; i < group.size(); ++i) {
    for (std::size_t j = 0; j < i; ++j) {
      if (Meeting found = find_in({group[i], group[j]}, depth + 1)) return found;
    }
  }
  return std::nullopt;
}

// Whether two of a cluster meet; their names are their positions in it.
Meeting find_in_cluster(std::span<const ByteLattice> cluster, int depth) {
  const std::optional<Windows> windows = find_windows(cluster);
  if (!windows || depth == kDeepest) return any_two(cluster);
  Lattices inner, outer;
  for (const ByteLattice& part : cluster) {
    Windowed split = windowed(part, *windows);
    inner.push_back(std::move(split.inner));
    outer.push_back(std::move(split.outer));
  }
  Lattices places = inner;
  return for_each_cluster(places, [&](std::span<const ByteLattice> same_place) {
    Lattices indices = chosen(outer, same_place);
    return for_each_cluster(indices, [&](std::span<const ByteLattice> group) -> Meeting {
      if (group.size() < cluster.size()) return find_in(chosen(cluster, group), depth + 1);
      if (windows->modulus == 1) return any_two(cluster);
      // Their intervals do not tell them apart. They do not meet if they never meet in one of the two.
      if (!find_in(chosen(outer, group), depth + 1) || !find_in(chosen(inner, group), depth + 1)) {
        return std::nullopt;
      }
      return find_pair(cluster, depth);
    });
  });
}

Meeting find_in(Lattices parts, int depth) {
  return for_each_cluster(parts, [&](std::span<ByteLattice> cluster) {
    std::vector<std::size_t> names;
    names.reserve(cluster.size());
    for (ByteLattice& part : cluster) {
      names.push_back(part.part);
      part.part = names.size() - 1;
    }
    Meeting found = find_in_cluster(cluster, depth);
    if (found) found = {names[found->first], names[found->second]};
    return found;
  });
}

}  // namespace

Index ByteLattice::reach() const {
  Index sum = width;
  for (const Axis& axis : axes) sum += axis.stride * (axis.extent - 1);
  return sum;
}

bool ByteLattice::is_injective() const {
  Index inside = width;
  for (auto axis = axes.rbegin(); axis != axes.rend(); ++axis) {
    if (axis->stride < inside) return false;
    inside += axis->stride * (axis->extent - 1);
  }
  return true;
}

Meeting find_meeting(Lattices parts) { return find_in(std::move(parts), 0); }

}  // namespace ndcat
