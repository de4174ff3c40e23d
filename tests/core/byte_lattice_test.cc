// ByteLattice against sets of bytes: what is said to be apart is apart, and parts of one array come apart.
#include "core/writing/byte_lattice.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "tests/core/random_expression.h"

namespace ndcat::testing {
namespace {

std::multiset<Index> bytes_of(const ByteLattice& lattice, std::size_t axis = 0) {
  std::multiset<Index> bytes;
  if (axis == lattice.axes.size()) {
    for (Index i = 0; i < lattice.width; ++i) bytes.insert(lattice.begin + i);
    return bytes;
  }
  ByteLattice step = lattice;
  for (Index i = 0; i < lattice.axes[axis].extent; ++i) {
    bytes.merge(bytes_of(step, axis + 1));
    step.begin += lattice.axes[axis].stride;
  }
  return bytes;
}

bool meet(const ByteLattice& a, const ByteLattice& b) {
  const auto of_a = bytes_of(a), of_b = bytes_of(b);
  return std::ranges::any_of(of_a, [&](Index byte) { return of_b.contains(byte); });
}

bool any_meet(const std::vector<ByteLattice>& parts) {
  for (std::size_t i = 0; i < parts.size(); ++i) {
    for (std::size_t j = 0; j < i; ++j) {
      if (meet(parts[i], parts[j])) return true;
    }
  }
  return false;
}

TEST(ByteLattice, SaysWhetherAByteIsReachedTwice) {
  Random random(seed_of_run());
  for (int i = 0; i < 2000; ++i) {
    ByteLattice lattice{0, 0, random.between(1, 4), {}};
    for (Index axis = random.between(0, 3); axis > 0; --axis) {
      lattice.axes.push_back({random.between(1, 30), random.between(2, 4)});
    }
    std::ranges::sort(lattice.axes, std::ranges::greater(), &ByteLattice::Axis::stride);
    const auto bytes = bytes_of(lattice);
    const bool is_injective = std::set<Index>(bytes.begin(), bytes.end()).size() == bytes.size();
    // Strides that interleave without meeting are beyond it.
    EXPECT_TRUE(is_injective || !lattice.is_injective());
    EXPECT_EQ(*bytes.rbegin() + 1, lattice.reach());
  }
}

TEST(ByteLattice, NeverTakesPartsThatMeetForApart) {
  Random random(seed_of_run());
  int apart = 0;
  for (int i = 0; i < 20000; ++i) {
    SCOPED_TRACE("NDCAT_SEED=" + std::to_string(seed_of_run()) + ", case " + std::to_string(i));
    std::vector<ByteLattice> parts;
    for (Index count = random.between(2, 4); count > 0; --count) {
      ByteLattice lattice{parts.size(), random.between(0, 40), random.between(1, 3), {}};
      for (Index axis = random.between(0, 2); axis > 0; --axis) {
        lattice.axes.push_back({random.between(1, 12), random.between(2, 4)});
      }
      std::ranges::sort(lattice.axes, std::ranges::greater(), &ByteLattice::Axis::stride);
      parts.push_back(lattice);
    }
    if (find_meeting(parts)) continue;
    ++apart;
    ASSERT_FALSE(any_meet(parts));
  }
  EXPECT_GT(apart, 500);
}

// Boxes with steps of powers of two in one dense array: the selections of a manifest.
TEST(ByteLattice, KnowsOfPartsOfOneArrayExactlyWhetherTheyMeet) {
  Random random(seed_of_run());
  int apart = 0;
  for (int i = 0; i < 5000; ++i) {
    SCOPED_TRACE("NDCAT_SEED=" + std::to_string(seed_of_run()) + ", case " + std::to_string(i));
    const Index width = random.between(1, 3), columns = random.between(2, 9), rows = random.between(2, 9);
    std::vector<ByteLattice> parts;
    for (Index count = random.between(2, 5); count > 0; --count) {
      ByteLattice lattice{parts.size(), 0, width, {}};
      for (const auto& [extent, stride] : {std::pair(rows, columns * width), std::pair(columns, width)}) {
        const Index step = random.one_in(2) ? 1 : 2;
        const Index first = random.between(0, extent - 1);
        const Index steps = random.between(1, (extent - 1 - first) / step + 1);
        lattice.begin += first * stride;
        if (steps > 1) lattice.axes.push_back({step * stride, steps});
      }
      parts.push_back(lattice);
    }
    const bool found = find_meeting(parts).has_value();
    apart += found ? 0 : 1;
    ASSERT_EQ(found, any_meet(parts));
  }
  EXPECT_GT(apart, 200);
}

TEST(ByteLattice, NamesTheTwoThatMeet) {
  const std::vector<ByteLattice> parts = {
      {7, 0, 8, {{32, 4}}}, {8, 8, 8, {{32, 4}}}, {9, 16, 8, {{32, 4}}}, {10, 40, 8, {}}};
  const auto found = find_meeting(parts);
  ASSERT_TRUE(found);
  EXPECT_EQ(std::minmax(found->first, found->second), std::minmax<std::size_t>(8, 10));
}

TEST(ByteLattice, AHundredThousandTilesOfOneFile) {
  std::vector<ByteLattice> parts;
  constexpr Index kTiles = 320, kSide = 10, kRow = kTiles * kSide * 8;
  for (Index row = 0; row < kTiles; ++row) {
    for (Index column = 0; column < kTiles; ++column) {
      parts.push_back(
          {parts.size(), row * kSide * kRow + column * kSide * 8, 8, {{kRow, kSide}, {8, kSide}}});
    }
  }
  EXPECT_FALSE(find_meeting(parts));
  parts.push_back({parts.size(), parts[70000].begin + kRow, 1, {}});
  const auto found = find_meeting(parts);
  ASSERT_TRUE(found);
  EXPECT_EQ(std::min(found->first, found->second), 70000U);
}

}  // namespace
}  // namespace ndcat::testing
