#include <gtest/gtest.h>

#include <cstring>

#include "core/algebra/algebra.h"
#include "tests/core/views.h"

namespace ndcat {
namespace {

using testing::array;
using testing::kF8;
using testing::kI4;
using testing::message_of;

std::string misfit(Concatenation concatenation, const Shape& first, const Shape& second) {
  EXPECT_EQ(message_of(concatenation.add(array(first), "")), "(no error)");
  return message_of(concatenation.add(array(second), to_string(first) + " of a.npy"));
}

TEST(Concatenate, SaysWhatDoesNotFitWhere) {
  EXPECT_EQ(misfit(Concatenation(0), {5000, 1000}, {5000, 999}),
            "shape (5000, 999) does not match (5000, 1000) of a.npy on axis 1 (only axis 0 may differ)");
  EXPECT_EQ(misfit(Concatenation(-1), {2, 3}, {4, 9}),
            "shape (4, 9) does not match (2, 3) of a.npy on axis 0 (only axis 1 may differ)");
  EXPECT_EQ(misfit(Concatenation(0), {2, 3}, {2}),
            "shape (2,) does not match (2, 3) of a.npy: 1 axis instead of 2");
  EXPECT_EQ(
      misfit(Concatenation(0, Join::stack), {2, 3}, {3, 3}),
      "shape (3, 3) does not match (2, 3) of a.npy on axis 0 (stacked arrays must have the same shape)");
  EXPECT_EQ(misfit(Concatenation(0, Join::stack), {2}, {}),
            "shape () does not match (2,) of a.npy: 0 axes instead of 1");
}

TEST(Concatenate, LeavesMisfitsOutAndGoesOn) {
  Concatenation concatenation(0);
  EXPECT_FALSE(concatenation.add(array({2, 3}), ""));
  EXPECT_TRUE(concatenation.add(array({2, 4}, testing::kU1), "first"));
  EXPECT_TRUE(concatenation.add(array({3}), "first"));
  EXPECT_FALSE(concatenation.add(array({1, 3}), "first"));
  const auto view = std::move(concatenation).finish();
  ASSERT_TRUE(view.ok());
  EXPECT_EQ(view->shape, Shape({3, 3}));
  EXPECT_EQ(view->pieces.size(), 2U);
  EXPECT_EQ(view->casts.size(), 1U);
}

TEST(Concatenate, RefusesWhatNumPyRefuses) {
  EXPECT_EQ(message_of(concatenate({}, 0)), "need at least one array to concatenate");
  EXPECT_EQ(message_of(concatenate({array({2, 3}), array({2, 2})}, 0)),
            "shape (2, 2) does not match (2, 3) of the first array on axis 1 (only axis 0 may differ)");
  EXPECT_EQ(message_of(stack({}, 0)), "need at least one array to stack");
  EXPECT_EQ(message_of(concatenate({array({})}, 0)),
            "zero-dimensional arrays cannot be concatenated; \"stack\" joins them along a new axis");
  EXPECT_EQ(message_of(concatenate({array({2})}, 1)), "axis 1 is out of bounds for array of dimension 1");
  EXPECT_EQ(message_of(concatenate({array({2})}, -2)), "axis -2 is out of bounds for array of dimension 1");
  EXPECT_EQ(message_of(stack({array({2})}, 2)), "axis 2 is out of bounds for array of dimension 2");
  EXPECT_EQ(message_of(stack({array(Indices::filled(32, 1))}, 0)),
            "stacking arrays of rank 32 gives rank 33, but NumPy's arrays have at most 32 axes");
}

TEST(Concatenate, RefusesSumsThatOverflow) {
  const std::vector<std::byte> element(1);
  const ArrayView half = *full_view(testing::kU1, {Index{1} << 62}, element);
  EXPECT_EQ(message_of(concatenate({half, half}, 0)), "the extents along axis 0 add up to 2^63 or more");
  const ArrayView quarter = *full_view(testing::kU1, {Index{1} << 61, 1}, element);
  EXPECT_EQ(concatenate({quarter, quarter}, 0)->shape, Shape({Index{1} << 62, 1}));
  const ArrayView wide = *full_view(testing::kU1, {Index{1} << 30, Index{1} << 32}, element);
  EXPECT_NE(message_of(concatenate({wide, wide, wide}, 0)).find("too big"), std::string::npos);
  // The common dtype is larger than either.
  const Dtype u8 = Dtype::simple(Kind::unsigned_integer, 8);
  const std::vector<std::byte> eight(8);
  EXPECT_FALSE(concatenate({half, *full_view(u8, {1}, eight)}, 0).ok());
}

TEST(Concatenate, BoundsThePieces) {
  ArrayView part = array(Indices::filled(31, 1));
  for (int i = 0; i < 14; ++i) part = *concatenate({part, part}, 0);
  Concatenation concatenation(0);
  std::optional<Error> error;
  for (int i = 0; i < 100 && !error; ++i) error = concatenation.add(part, "");
  EXPECT_EQ(message_of(error), "the result has more than 176602 pieces, which is too many");
}

TEST(Concatenate, KeepsEqualRecipesOnce) {
  const std::vector<std::byte> element(8, std::byte{1});
  std::vector<ArrayView> views;
  for (int i = 0; i < 10; ++i) {
    views.push_back(array({1}, i % 2 == 0 ? kF8 : kI4));
    views.push_back(*full_view(kF8, {1}, element));
  }
  const auto view = concatenate(std::move(views), 0);
  ASSERT_TRUE(view.ok());
  EXPECT_EQ(view->casts, (std::vector<std::vector<Dtype>>{{kF8}, {kI4, kF8}}));
  EXPECT_EQ(view->fills, std::vector<std::vector<std::byte>>{element});
  EXPECT_EQ(view->pieces.size(), 20U);
}

TEST(Concatenate, ConvertsFillsToTheCommonDtype) {
  std::vector<std::byte> one(4);
  one[kNativeByteOrder == ByteOrder::little ? 0 : 3] = std::byte{1};
  const auto view = concatenate({*full_view(kI4, {2}, one), array({2}, kF8)}, 0);
  ASSERT_TRUE(view.ok());
  const double expected = 1;
  EXPECT_EQ(std::memcmp(view->fills.at(0).data(), &expected, sizeof expected), 0);
}

TEST(Stack, PutsTheNewAxisWhereItIsTold) {
  EXPECT_EQ(stack({array({2, 3}), array({2, 3})}, 0)->shape, Shape({2, 2, 3}));
  EXPECT_EQ(stack({array({2, 3}), array({2, 3})}, 1)->shape, Shape({2, 2, 3}));
  EXPECT_EQ(stack({array({4, 3}), array({4, 3})}, -1)->shape, Shape({4, 3, 2}));
  EXPECT_EQ(stack({array({}), array({}), array({})}, 0)->shape, Shape({3}));
}

}  // namespace
}  // namespace ndcat
