// What keeps an array from growing when a source does.
#include "core/writing/appendability.h"

#include <gtest/gtest.h>

#include "tests/core/views.h"

namespace ndcat::testing {
namespace {

const Dtype kF4 = Dtype::simple(Kind::floating, 4);

/// Of the joined arrays the last is the tail, and is this one.
std::string obstacle_of(std::vector<ArrayView> views, const Shape& shape, Order order = Order::c,
                        const Dtype& dtype = kF8, Index axis = 0) {
  const auto source = static_cast<SourceId>(views.size() - 1);
  auto joined = concatenate(std::move(views), axis);
  EXPECT_TRUE(joined.ok()) << joined.error().message;
  const Order stored = order;
  return find_append_obstacle(*joined, order, {source, dtype, shape, stored, SourceOffset{0}})
      .value_or("none");
}

ArrayView chosen(ArrayView view, const Slice& rows) { return *select(std::move(view), {rows}); }

TEST(Appendability, TheLastRowsMayGrow) {
  EXPECT_EQ(obstacle_of({array({3, 4}), array({5, 4}, kF8, Order::c, 1)}, {5, 4}), "none");
  EXPECT_EQ(obstacle_of({array({3, 4}), array({1, 4}, kF8, Order::c, 1)}, {1, 4}), "none");
  EXPECT_EQ(
      obstacle_of({array({3, 4}, kF8, Order::f), array({3, 5}, kF8, Order::f, 1)}, {3, 5}, Order::f, kF8, 1),
      "none");
  EXPECT_EQ(obstacle_of({array({7})}, {7}), "none");
}

TEST(Appendability, ATailMayBeEmpty) {
  EXPECT_EQ(obstacle_of({array({3, 4}), array({0, 4}, kF8, Order::c, 1)}, {0, 4}), "none");
  EXPECT_EQ(obstacle_of({array({0, 4})}, {0, 4}), "none");
}

TEST(Appendability, NothingIsConverted) {
  EXPECT_EQ(obstacle_of({array({3, 4}), array({5, 4}, kF4, Order::c, 1)}, {5, 4}, Order::c, kF4),
            "is float32 and the array float64: what is appended is not converted");
}

TEST(Appendability, TheTailIsTheLastRowsWholeAndAsItIs) {
  const std::string reason = "is not, whole and as it is, the last rows of the array";
  EXPECT_EQ(obstacle_of({array({3, 4}), array({3, 5}, kF8, Order::c, 1)}, {3, 5}, Order::c, kF8, 1), reason);
  EXPECT_EQ(obstacle_of({chosen(array({6, 4}), {std::nullopt, std::nullopt, -1})}, {6, 4}), reason);
  EXPECT_EQ(obstacle_of({chosen(array({6, 4}), {std::nullopt, 5, std::nullopt})}, {6, 4}), reason);
  EXPECT_EQ(obstacle_of({chosen(array({6, 4}), {1, std::nullopt, std::nullopt})}, {6, 4}), reason);
  EXPECT_EQ(obstacle_of({array({6, 4})}, {24}), reason);
  const ArrayView first = *concatenate({array({3, 4}), array({5, 4}, kF8, Order::c, 1)}, 0);
  EXPECT_EQ(find_append_obstacle(first, Order::c, {0, kF8, {3, 4}, Order::c, SourceOffset{0}}), reason);
}

TEST(Appendability, TheOrderIsOne) {
  EXPECT_EQ(find_append_obstacle(array({3, 4}, kF8, Order::f), Order::c,
                                 {0, kF8, {3, 4}, Order::f, SourceOffset{0}}),
            "lies in its file in another order than the array is shown in");
}

TEST(Appendability, ThereMustBeRowsToAdd) {
  EXPECT_EQ(obstacle_of({array({3, 0})}, {3, 0}), "has rows without a byte");
  EXPECT_EQ(find_append_obstacle(array({}), Order::c, {0, kF8, {}, Order::c, SourceOffset{0}}),
            "belongs to an array without an axis to grow along");
}

}  // namespace
}  // namespace ndcat::testing
