#include "manifests/resolve/agreement.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <utility>
#include <vector>

namespace ndcat {
namespace {

using Pairs = std::vector<std::pair<int, int>>;  // an odd one, and what is right

/// Numbers agree that differ by at most one, which is not transitive, as with dtypes that promote.
Pairs odd_ones(const std::vector<int>& values) {
  Pairs found;
  Agreement<int> agreement(
      [](int a, int b) { return std::abs(a - b) <= 1; },
      [&](const auto& odd, const auto& right) { found.emplace_back(odd.value, right.value); });
  for (const int value : values) agreement.add(value, [] { return Label(); });
  agreement.finish();
  return found;
}

TEST(Agreement, WhatMostShareIsRightWhereverItStands) {
  EXPECT_EQ(odd_ones({}), Pairs{});
  EXPECT_EQ(odd_ones({5, 5, 5}), Pairs{});
  EXPECT_EQ(odd_ones({9, 5, 5}), (Pairs{{9, 5}}));
  EXPECT_EQ(odd_ones({5, 9, 5}), (Pairs{{9, 5}}));
  EXPECT_EQ(odd_ones({5, 9}), (Pairs{{9, 5}})) << "of several the first";
}

TEST(Agreement, OneThatAgreesWithTheRightOneIsNotOdd) {
  // 21 came to 20, with which it agrees as it does with 22.
  EXPECT_EQ(odd_ones({10, 20, 21, 22, 22, 22}), (Pairs{{10, 22}, {20, 22}}));
}

TEST(Agreement, InALongListTheFirstDecide) {
  std::vector<int> values(16, 5);
  values.insert(values.end(), 100, 9);
  EXPECT_EQ(odd_ones(values), Pairs(100, {9, 5}));
}

}  // namespace
}  // namespace ndcat
