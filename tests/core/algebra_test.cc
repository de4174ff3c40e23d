// transpose, astype and block where the laws and NumPy's oracle do not reach: refusals, messages, dtypes.
#include "core/algebra/algebra.h"

#include <gtest/gtest.h>

#include "tests/core/views.h"

namespace ndcat {
namespace {

using testing::array;
using testing::kF8;
using testing::kI4;
using testing::kU1;
using testing::message_of;

BlockNest leaf(ArrayView view) { return {.leaf = std::move(view), .list = {}}; }
BlockNest list(std::vector<BlockNest> nests) { return {.leaf = std::nullopt, .list = std::move(nests)}; }

TEST(Transpose, TakesPermutationsOnly) {
  const ArrayView view = array({2, 3, 4});
  EXPECT_EQ(transpose(view, std::nullopt)->shape, Shape({4, 3, 2}));
  EXPECT_EQ(transpose(view, {{1, -1, 0}})->shape, Shape({3, 4, 2}));
  EXPECT_EQ(message_of(transpose(view, {{0, 1}})), "transpose needs 3 axes for an array of rank 3, not 2");
  EXPECT_EQ(message_of(transpose(view, {{0, 1, -2}})), "transpose names axis 1 twice");
  EXPECT_EQ(message_of(transpose(view, {{0, 1, 3}})), "axis 3 is out of bounds for array of dimension 3");
  EXPECT_EQ(transpose(array({}), {std::vector<Index>{}})->shape, Shape());
}

TEST(Astype, RemembersThePath) {
  const auto view = astype(*astype(array({2}, kU1), kI4), kF8);
  ASSERT_TRUE(view.ok());
  EXPECT_EQ(view->casts, (std::vector<std::vector<Dtype>>{{kU1, kI4, kF8}}));
  EXPECT_EQ(astype(*view, kF8)->casts, view->casts);
}

TEST(Astype, RefusesSizesThatOverflow) {
  const std::vector<std::byte> element(1);
  const auto view = full_view(kU1, {Index{1} << 61}, element);
  EXPECT_NE(message_of(astype(*view, kF8)).find("too big"), std::string::npos);
}

TEST(Block, RefusesWhatNumPyRefuses) {
  const ArrayView a = array({2, 2});
  EXPECT_EQ(message_of(block(list({list({leaf(a)}), list({})}))), "the list at block[1] cannot be empty");
  EXPECT_EQ(
      message_of(block(list({list({leaf(a), leaf(a)}), leaf(a)}))),
      "list depths are mismatched: the first array is at depth 2, but the one at block[1] is at depth 1");
  EXPECT_EQ(
      message_of(block(list({list({leaf(a)}), list({leaf(array({2, 3}))})}))),
      "shape (2, 3) does not match (2, 2) of the first array of its list on axis 1 (only axis 0 may differ)");
  BlockNest deep = leaf(array({}));
  for (int i = 0; i < 33; ++i) deep = list({std::move(deep)});
  EXPECT_EQ(message_of(block(std::move(deep))),
            "lists nested 33 deep give an array of that rank, but NumPy's arrays have at most 32 axes");
}

TEST(Block, GivesLeavesTheAxesTheyLack) {
  EXPECT_EQ(block(leaf(array({2, 3})))->shape, Shape({2, 3}));
  EXPECT_EQ(block(list({list({leaf(array({}))})}))->shape, Shape({1, 1}));
  EXPECT_EQ(block(list({list({leaf(array({1, 2})), leaf(array({3}))}), list({leaf(array({5}))})}))->shape,
            Shape({2, 5}));
  EXPECT_EQ(block(list({leaf(array({4, 2})), leaf(array({4, 1}))}))->shape, Shape({4, 3}));
}

TEST(Block, OfOneArrayKeepsItsDtype) {
  const Dtype swapped = Dtype::simple(Kind::floating, 8, ByteOrder::big);
  EXPECT_EQ(block(leaf(array({2}, swapped)))->dtype, swapped);
}

TEST(Block, CastsOnceWhenLargeAndStepByStepWhenSmall) {
  const auto nest = [](Index rows) {
    const Dtype i2 = Dtype::simple(Kind::signed_integer, 2), u2 = Dtype::simple(Kind::unsigned_integer, 2);
    const Dtype f4 = Dtype::simple(Kind::floating, 4);
    return list({list({leaf(array({rows, 1000}, i2)), leaf(array({rows, 1000}, u2))}),
                 list({leaf(array({rows, 1000}, f4)), leaf(array({rows, 1000}, f4))})});
  };
  EXPECT_EQ(block(nest(65))->dtype, kF8);
  EXPECT_EQ(block(nest(65))->casts.front().size(), 3U);
  EXPECT_EQ(block(nest(66))->dtype, Dtype::simple(Kind::floating, 4));
  EXPECT_EQ(block(nest(66))->casts.front().size(), 2U);
}

}  // namespace
}  // namespace ndcat
