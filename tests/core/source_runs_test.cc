#include "core/layout/source_runs.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "tests/core/random_expression.h"

namespace ndcat {
namespace {

using testing::Random;

Segment segment(Index offset, Index itemsize, const Indices& extents, const Indices& strides) {
  Segment segment;
  segment.source = 0;
  segment.offset = SourceOffset{offset};
  segment.from_itemsize = segment.to_itemsize = itemsize;
  segment.extents = extents;
  segment.from_strides = segment.to_strides = strides;
  return segment;
}

/// One character a byte: '.' untouched, 'x' touched by the elements of the segment.
std::string touched_by_elements(const Segment& segment, std::size_t size) {
  std::string picture(size, '.');
  std::vector<Index> starts = {static_cast<Index>(segment.offset)};
  for (int axis = 0; axis < segment.extents.size(); ++axis) {
    std::vector<Index> more;
    for (const Index start : starts) {
      for (Index i = 0; i < segment.extents[axis]; ++i)
        more.push_back(start + i * segment.from_strides[axis]);
    }
    starts = std::move(more);
  }
  for (const Index start : starts) {
    for (Index i = 0; i < segment.from_itemsize; ++i) picture.at(static_cast<std::size_t>(start + i)) = 'x';
  }
  return picture;
}

std::string touched_by_runs(const SourceRuns& runs, std::size_t size) {
  std::string picture(size, '.');
  Index count = 0, last = -1;
  EXPECT_TRUE(for_each_run(runs, [&](Index offset) {
    for (Index i = 0; i < runs.length; ++i) picture.at(static_cast<std::size_t>(offset + i)) = 'x';
    last = std::max(last, offset);
    ++count;
    return true;
  }));
  EXPECT_EQ(count, runs.count());
  EXPECT_EQ(last, runs.last());
  return picture;
}

TEST(SourceRuns, WhatIsContiguousInTheSourceIsOneRun) {
  const SourceRuns runs = source_runs(segment(100, 8, {4, 5}, {8, 32}), 0);  // turned
  EXPECT_EQ(runs.offset, 100);
  EXPECT_EQ(runs.length, 160);
  EXPECT_EQ(runs.count(), 1);
  EXPECT_EQ(runs.last(), 100);
}

TEST(SourceRuns, NegativeStridesBeginAtTheOtherEnd) {
  const SourceRuns runs = source_runs(segment(100, 4, {3, 10}, {-40, -4}), 0);
  EXPECT_EQ(runs.offset, 100 - 80 - 36);
  EXPECT_EQ(runs.length, 120);
}

TEST(SourceRuns, AreAGridWhereGapsLieBetween) {
  const SourceRuns runs = source_runs(segment(0, 8, {10, 4, 2}, {1000, 8, 100}), 0);
  EXPECT_EQ(runs.length, 32);
  EXPECT_EQ(runs.counts, Indices({10, 2}));
  EXPECT_EQ(runs.strides, Indices({1000, 100}));
}

TEST(SourceRuns, SmallGapsAreCountedIn) {
  const Segment columns = segment(0, 8, {10, 4}, {1000, 100});
  EXPECT_EQ(source_runs(columns, 91).count(), 40);
  EXPECT_EQ(source_runs(columns, 92).count(), 10);
  EXPECT_EQ(source_runs(columns, 92).length, 308);
  EXPECT_EQ(source_runs(columns, 692).count(), 1);
}

TEST(SourceRuns, APartOfAnElementIsNoMore) {
  Segment part = segment(100, 16, {}, {});
  part.skip = 3;
  part.keep = 5;
  EXPECT_EQ(touched_by_runs(source_runs(part, 0), 200),
            std::string(103, '.') + "xxxxx" + std::string(92, '.'));
}

TEST(SourceRuns, ElementsWithoutBytesTouchNothing) {
  const SourceRuns runs = source_runs(segment(100, 0, {7}, {0}), 4096);
  EXPECT_EQ(runs.length, 0);
  EXPECT_TRUE(for_each_run(runs, [](Index) { return false; }));
}

TEST(SourceRuns, EndWhenToldTo) {
  int visited = 0;
  EXPECT_FALSE(for_each_run(source_runs(segment(0, 1, {5}, {10}), 0), [&](Index) { return ++visited < 3; }));
  EXPECT_EQ(visited, 3);
}

TEST(SourceRuns, TouchWhatTheElementsTouchWhateverTheirOrder) {
  Random random(testing::seed_of_run());
  for (int round = 0; round < 500; ++round) {
    // Axes from the innermost of the source outwards, each with some elements left out, then shuffled.
    const Index itemsize = random.between(1, 6);
    Indices extents, strides;
    Index offset = 7, size = itemsize;
    for (Index axis = random.between(0, 4); axis > 0; --axis) {
      const Index count = random.between(2, 4), step = size * random.between(1, 2);
      const bool is_reversed = random.one_in(2);
      if (is_reversed) offset += (count - 1) * step;
      const int place = static_cast<int>(random.between(0, extents.size()));
      extents.insert(place, count);
      strides.insert(place, is_reversed ? -step : step);
      size = step * count + random.between(0, 5);
    }
    const Segment whole = segment(offset, itemsize, extents, strides);
    const auto bytes = static_cast<std::size_t>(7 + size + 7);
    const std::string wanted = touched_by_elements(whole, bytes);
    EXPECT_EQ(touched_by_runs(source_runs(whole, 0), bytes), wanted) << "round " << round;
    const std::string with_gaps = touched_by_runs(source_runs(whole, 4), bytes);
    for (std::size_t i = 0; i < bytes; ++i) {
      ASSERT_TRUE(wanted[i] == '.' || with_gaps[i] == 'x') << "round " << round << ", byte " << i;
    }
    EXPECT_EQ(with_gaps.find('x'), wanted.find('x'));
    EXPECT_EQ(with_gaps.rfind('x'), wanted.rfind('x'));
  }
}

}  // namespace
}  // namespace ndcat
