#include "core/layout/range_boxes.h"

#include <gtest/gtest.h>

#include <vector>

#include "tests/core/naive_array.h"

namespace ndcat {
namespace {

struct FoundBox {
  Indices origin, extents;
};

std::vector<FoundBox> boxes_of(const Shape& shape, Index begin, Index end) {
  std::vector<FoundBox> boxes;
  for_each_box(shape, begin, end, [&](const Indices& origin, const Indices& extents) {
    boxes.push_back({origin, extents});
    return true;
  });
  return boxes;
}

TEST(RangeBoxes, HoldEveryElementOfEveryRangeOnceAndAreFew) {
  for (const Shape& shape :
       {Shape{}, Shape{7}, Shape{3, 4}, Shape{2, 3, 4}, Shape{1, 5, 1, 2}, Shape{2, 2, 2, 2}}) {
    const Index elements = *element_count(shape);
    for (Index begin = 0; begin <= elements; ++begin) {
      for (Index end = begin; end <= elements; ++end) {
        const auto boxes = boxes_of(shape, begin, end);
        ASSERT_LE(boxes.size(), static_cast<std::size_t>(2 * shape.size() + 1));
        Index expected = begin;
        for (const FoundBox& box : boxes) {
          testing::for_each_index(box.extents, [&](Indices index) {
            for (int axis = 0; axis < index.size(); ++axis) index[axis] += box.origin[axis];
            ASSERT_EQ(testing::position_of(index, shape), expected++);
          });
        }
        ASSERT_EQ(expected, end) << to_string(shape) << " [" << begin << ", " << end << ")";
      }
    }
  }
}

TEST(RangeBoxes, WholeRowsAreOneBox) {
  const auto boxes = boxes_of({10, 4, 5}, 20, 160);
  ASSERT_EQ(boxes.size(), 1U);
  EXPECT_EQ(boxes[0].origin, Indices({1, 0, 0}));
  EXPECT_EQ(boxes[0].extents, Indices({7, 4, 5}));
}

TEST(RangeBoxes, WorkUpToTheLargestIndex) {
  const Index rows = kMaxIndex / 7;
  const auto boxes = boxes_of({rows, 7}, rows * 7 - 3, rows * 7);
  ASSERT_EQ(boxes.size(), 1U);
  EXPECT_EQ(boxes[0].origin, Indices({rows - 1, 4}));
  EXPECT_EQ(boxes[0].extents, Indices({1, 3}));
}

TEST(RangeBoxes, StopWhenTold) {
  int calls = 0;
  EXPECT_FALSE(for_each_box({3, 4}, 1, 11, [&](const Indices&, const Indices&) { return ++calls < 2; }));
  EXPECT_EQ(calls, 2);
}

}  // namespace
}  // namespace ndcat
