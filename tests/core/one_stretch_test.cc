#include "core/layout/one_stretch.h"

#include <gtest/gtest.h>

#include "tests/core/views.h"

namespace ndcat {
namespace {

using testing::array;
using testing::kF8;
using testing::kI4;

// "source@offset", or "none".
std::string stretch(const Result<ArrayView>& view, Order order = Order::c) {
  const auto layout = FileLayout::plan(*view, order);
  EXPECT_TRUE(layout.ok()) << testing::message_of(layout);
  const auto found = one_stretch(*layout);
  if (!found) return "none";
  return std::to_string(found->source) + "@" + std::to_string(static_cast<Index>(found->offset));
}

ArrayView at(Index offset, const Shape& shape, SourceId source = 3) {
  return *source_view(source, 100'000, kF8, shape, Order::c, SourceOffset{offset});
}

TEST(OneStretch, IsASourceInItsOwnOrder) {
  EXPECT_EQ(stretch(at(128, {4, 5, 6})), "3@128");
  EXPECT_EQ(stretch(array({4, 5}, kF8, Order::f, 7), Order::f), "7@0");
  EXPECT_EQ(stretch(at(0, {1})), "3@0");
  EXPECT_EQ(stretch(at(8, {})), "3@8");
  EXPECT_EQ(stretch(concatenate({at(64, {5, 2})}, 0)), "3@64");
}

TEST(OneStretch, IsALargePartOfASource) {
  EXPECT_EQ(stretch(select(at(0, {4, 5}), {Slice{1, 3, 1}})), "3@40");
}

TEST(OneStretch, IsNotWhatIsTurnedSkippedOrReversed) {
  EXPECT_EQ(stretch(at(0, {4, 5}), Order::f), "none");
  EXPECT_EQ(stretch(select(at(0, {4, 5}), {Slice{0, 4, 2}})), "none");
  EXPECT_EQ(stretch(select(at(0, {4}), {Slice{{}, {}, -1}})), "none");
  EXPECT_EQ(stretch(select(at(0, {4, 5}), {Slice{}, Slice{0, 3, 1}})), "none");
}

TEST(OneStretch, IsNotConvertedFilledOrMadeOfPieces) {
  EXPECT_EQ(stretch(astype(at(0, {4}), kI4)), "none");
  const std::vector<std::byte> element(8);
  EXPECT_EQ(stretch(full_view(kF8, {4}, element)), "none");
  EXPECT_EQ(stretch(concatenate({at(0, {4}), at(32, {4})}, 0)), "none");
  EXPECT_EQ(stretch(at(0, {0, 4})), "none");
}

}  // namespace
}  // namespace ndcat
