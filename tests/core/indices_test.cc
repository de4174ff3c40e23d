#include "core/indices.h"

#include <gtest/gtest.h>

namespace ndcat {
namespace {

TEST(Indices, PrintAsPythonTuples) {
  EXPECT_EQ(to_string(Indices{}), "()");
  EXPECT_EQ(to_string(Indices{3}), "(3,)");
  EXPECT_EQ(to_string(Indices{2, -3}), "(2, -3)");
}

TEST(Indices, InsertEraseAndReverseKeepTheOthersInOrder) {
  Indices indices{1, 2, 3};
  indices.insert(1, 9);
  EXPECT_EQ(indices, (Indices{1, 9, 2, 3}));
  indices.erase(0);
  EXPECT_EQ(indices, (Indices{9, 2, 3}));
  indices.reverse();
  EXPECT_EQ(indices, (Indices{3, 2, 9}));
  EXPECT_EQ(indices.back(), 9);
}

TEST(Indices, AreEqualOnlyWithEqualLengths) {
  EXPECT_NE(Indices{1}, (Indices{1, 1}));
  Indices shortened{1, 2};
  shortened.erase(1);
  EXPECT_EQ(shortened, Indices{1});
}

TEST(ElementCount, IsTheProduct) {
  EXPECT_EQ(element_count(Shape{}), 1);
  EXPECT_EQ(element_count(Shape{2, 3, 4}), 24);
}

TEST(ElementCount, OverflowIsNothing) {
  EXPECT_EQ(element_count(Shape{Index{1} << 32, Index{1} << 31}), std::nullopt);
  EXPECT_EQ(element_count(Shape{Index{1} << 32, Index{1} << 30}), Index{1} << 62);
}

TEST(ElementCount, AnEmptyAxisMakesItZeroWhateverTheOthersAre) {
  EXPECT_EQ(element_count(Shape{kMaxIndex, kMaxIndex, 0}), 0);
  EXPECT_EQ(element_count(Shape{0, kMaxIndex, kMaxIndex}), 0);
}

}  // namespace
}  // namespace ndcat
