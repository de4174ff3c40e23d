#include "core/algebra/numpy_strides.h"

#include <gtest/gtest.h>

#include "tests/core/views.h"

// test_numpy_strides.py compares random expressions with NumPy; these are the rules one by one.

namespace ndcat {
namespace {

using testing::array;

Order order_of(const Result<ArrayView>& view) { return memory_order(*view); }

const ArrayView kC = array({3, 4});
const ArrayView kFortran = array({3, 4}, testing::kF8, Order::f);

TEST(NumpyStrides, OfOneSourceAreItsOwn) {
  EXPECT_EQ(memory_order(kC), Order::c);
  EXPECT_EQ(memory_order(kFortran), Order::f);
  EXPECT_EQ(order_of(transpose(kC, {})), Order::f);
  EXPECT_EQ(order_of(transpose(kFortran, {})), Order::c);
}

TEST(NumpyStrides, WhereBothOrdersFitItIsC) {
  EXPECT_EQ(memory_order(array({}, testing::kF8, Order::f)), Order::c);
  EXPECT_EQ(memory_order(array({7}, testing::kF8, Order::f)), Order::c);
  EXPECT_EQ(memory_order(array({1, 7, 1}, testing::kF8, Order::f)), Order::c);
  EXPECT_EQ(memory_order(array({3, 0}, testing::kF8, Order::f)), Order::c);
}

TEST(NumpyStrides, ConcatenationIsFWhenAllArraysAre) {
  EXPECT_EQ(order_of(concatenate({kFortran, kFortran}, 0)), Order::f);
  EXPECT_EQ(order_of(concatenate({kFortran, kFortran}, 1)), Order::f);
  EXPECT_EQ(order_of(concatenate({kFortran, kC}, 0)), Order::c);
  // One row of an F array tells nothing, and nothing decides for C only if nobody else votes for F.
  EXPECT_EQ(order_of(concatenate({kFortran, *select(kC, {Slice{0, 1, {}}})}, 0)), Order::f);
  EXPECT_EQ(order_of(concatenate({*select(kFortran, {Slice{0, 1, {}}})}, 0)), Order::c);
}

// Expected values are np.stack's.
TEST(NumpyStrides, StackKeepsTheOrderOfTheAxesThereWere) {
  EXPECT_EQ(stack({kFortran, kFortran}, 0)->numpy_strides, Strides({96, 8, 24}));
  EXPECT_EQ(stack({kFortran, kFortran}, 1)->numpy_strides, Strides({16, 8, 48}));
  EXPECT_EQ(stack({kFortran, kFortran}, -1)->numpy_strides, Strides({16, 48, 8}));
}

TEST(NumpyStrides, CopiesKeepTheOrderOfAxes) {
  const Dtype i4 = testing::kI4;
  EXPECT_EQ(order_of(astype(kFortran, i4)), Order::f);
  EXPECT_EQ(order_of(astype(*select(kFortran, {Slice{{}, {}, 2}}), i4)), Order::f);
  EXPECT_EQ(order_of(select(kFortran, {Slice{{}, {}, 2}})), Order::c) << "neither, so C";
}

TEST(NumpyStrides, VotesTakeNoRoomAndNoOrder) {
  AxisOrderVote vote;
  vote.add({3, 4}, {8, 24});
  EXPECT_EQ(vote.slowest_first(2)[0], 1);
  vote.add({3, 4}, {32, 8});
  EXPECT_EQ(vote.slowest_first(2)[0], 0);
  vote.add({3, 4}, {8, 24});
  EXPECT_EQ(vote.slowest_first(2)[0], 0);
}

}  // namespace
}  // namespace ndcat
