#include "core/layout/box_tree.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <vector>

#include "tests/core/random_expression.h"

namespace ndcat {
namespace {

void add_box(PieceTable& pieces, const Indices& origin, const Indices& extents) {
  const Indices strides = Indices::filled(origin.size(), 0);
  pieces.add({.origin = origin, .extents = extents, .strides = strides, .offset = SourceOffset{0}});
}

std::vector<std::size_t> found_by_tree(const PieceTable& pieces, const Box& box) {
  std::vector<std::size_t> found;
  BoxTree(pieces).for_each_meeting(pieces, box, [&](std::size_t i) {
    found.push_back(i);
    return true;
  });
  return found;
}

bool meet(const Piece& piece, const Box& box) {
  for (int axis = 0; axis < box.origin.size(); ++axis) {
    const auto i = static_cast<std::size_t>(axis);
    if (std::max(piece.origin[i], box.origin[axis]) >=
        std::min(piece.origin[i] + piece.extents[i], box.end[axis])) {
      return false;
    }
  }
  return true;
}

TEST(BoxTree, FindsWhatASearchThroughAllPiecesFinds) {
  for (std::uint64_t round = 0; round < 300; ++round) {
    SCOPED_TRACE("NDCAT_SEED=" + std::to_string(testing::seed_of_run()) + ", round " + std::to_string(round));
    testing::Random random(testing::seed_of_run() + round);
    const int rank = static_cast<int>(random.between(1, 3));
    PieceTable pieces(rank);
    // Any boxes at all: the tree asks neither for order nor for disjointness.
    for (Index count = random.between(0, round < 290 ? 40 : 5000); count > 0; --count) {
      Indices origin, extents;
      for (int axis = 0; axis < rank; ++axis) {
        origin.push_back(random.between(0, 90));
        extents.push_back(random.between(1, 10));
      }
      add_box(pieces, origin, extents);
    }
    for (int query = 0; query < 20; ++query) {
      Box box;
      for (int axis = 0; axis < rank; ++axis) {
        box.origin.push_back(random.between(0, 99));
        box.end.push_back(random.between(box.origin[axis] + 1, 100));
      }
      std::vector<std::size_t> expected;
      for (std::size_t i = 0; i < pieces.size(); ++i) {
        if (meet(pieces[i], box)) expected.push_back(i);
      }
      ASSERT_EQ(found_by_tree(pieces, box), expected);
    }
  }
}

TEST(BoxTree, OfRankZeroHoldsTheOnePiece) {
  PieceTable pieces(0);
  add_box(pieces, {}, {});
  EXPECT_EQ(found_by_tree(pieces, {}), std::vector<std::size_t>{0});
}

TEST(BoxTree, StopsWhenTold) {
  PieceTable pieces(1);
  for (Index i = 0; i < 1000; ++i) add_box(pieces, {i}, {1});
  std::vector<std::size_t> seen;
  const Box all{.origin = {0}, .end = {1000}};
  EXPECT_FALSE(BoxTree(pieces).for_each_meeting(pieces, all, [&](std::size_t i) {
    seen.push_back(i);
    return seen.size() < 20;
  }));
  EXPECT_EQ(seen.size(), 20U);
}

}  // namespace
}  // namespace ndcat
