#include <gtest/gtest.h>

#include "core/algebra/algebra.h"
#include "tests/core/views.h"

namespace ndcat {
namespace {

using testing::kF8;
using testing::message_of;

Result<ArrayView> source(Index size, const Shape& shape, Index offset = 0) {
  return source_view(3, size, kF8, shape, Order::c, SourceOffset{offset});
}

TEST(SourceView, IsOnePiece) {
  const auto view = source_view(3, 1000, kF8, {2, 1, 5}, Order::f, SourceOffset{128});
  ASSERT_TRUE(view.ok());
  ASSERT_EQ(view->pieces.size(), 1U);
  const Piece piece = view->pieces[0];
  EXPECT_EQ(Indices(piece.origin), Indices({0, 0, 0}));
  EXPECT_EQ(Indices(piece.extents), Indices({2, 1, 5}));
  EXPECT_EQ(Indices(piece.strides), Indices({8, 0, 16}));
  EXPECT_EQ(piece.offset, SourceOffset{128});
  EXPECT_EQ(piece.source, 3U);
  EXPECT_EQ(view->casts, std::vector<std::vector<Dtype>>{{kF8}});
}

TEST(SourceView, EndsWithinTheSource) {
  EXPECT_TRUE(source(80, {10}).ok());
  EXPECT_TRUE(source(90, {10}, 10).ok());
  EXPECT_EQ(message_of(source(79, {10})),
            "an array of shape (10,) and dtype float64 takes 80 bytes from byte 0 on, but the source has "
            "only 79 bytes");
  EXPECT_EQ(message_of(source(80, {10}, 1)),
            "an array of shape (10,) and dtype float64 takes 80 bytes from byte 1 on, but the source has "
            "only 80 bytes");
  EXPECT_NE(message_of(source(80, {10}, kMaxIndex)), "(no error)");
  EXPECT_EQ(message_of(source(80, {10}, -8)), "the offset of an array is at least 0 bytes, not -8");
}

TEST(SourceView, WithoutElementsHasNoPieces) {
  const auto view = source(0, {4, 0});
  ASSERT_TRUE(view.ok());
  EXPECT_EQ(view->pieces.size(), 0U);
  EXPECT_FALSE(source(0, {4, 0}, 1).ok()) << "it does not begin within the source";
}

TEST(SourceView, RefusesShapesThatOverflow) {
  const std::string too_big =
      " with 8 bytes an element is too big: its extents multiply to 2^63 bytes or more";
  EXPECT_EQ(message_of(source(kMaxIndex, {Index{1} << 60})), "shape (1152921504606846976,)" + too_big);
  EXPECT_EQ(message_of(source(kMaxIndex, {Index{1} << 32, Index{1} << 32})),
            "shape (4294967296, 4294967296)" + too_big);
  // As NumPy: also where another extent is 0.
  EXPECT_EQ(message_of(source(kMaxIndex, {0, Index{1} << 60})), "shape (0, 1152921504606846976)" + too_big);
  EXPECT_EQ(message_of(source(kMaxIndex, {2, -1})), "shape (2, -1) has a negative extent");
  EXPECT_TRUE(source(kMaxIndex, {(Index{1} << 60) - 1}).ok());
}

TEST(FullView, IsOneFill) {
  const std::vector<std::byte> element(8, std::byte{7});
  const auto view = full_view(kF8, {3, 4}, element);
  ASSERT_TRUE(view.ok());
  ASSERT_EQ(view->pieces.size(), 1U);
  EXPECT_TRUE(view->pieces[0].is_fill());
  EXPECT_EQ(view->fills, std::vector<std::vector<std::byte>>{element});
  EXPECT_FALSE(full_view(kF8, {Index{1} << 60}, element).ok());
}

}  // namespace
}  // namespace ndcat
