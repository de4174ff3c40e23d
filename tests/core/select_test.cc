#include <gtest/gtest.h>

#include <limits>

#include "core/algebra/algebra.h"
#include "tests/core/views.h"

namespace ndcat {
namespace {

using testing::array;
using testing::message_of;

constexpr Index kSmallest = std::numeric_limits<Index>::min();

/// Where the one piece of a selection from a one-dimensional array of bytes begins, how long it is and which
/// way it goes.
std::string piece_of(Index extent, const Slice& slice) {
  const auto view = select(array({extent}, testing::kU1), {slice});
  EXPECT_TRUE(view.ok());
  if (view->pieces.size() == 0) return to_string(view->shape) + " nothing";
  const Piece piece = view->pieces[0];
  EXPECT_EQ(Indices(piece.extents), view->shape);
  return to_string(view->shape) + " from " + std::to_string(static_cast<Index>(piece.offset)) + " by " +
         std::to_string(piece.strides[0]);
}

// Expected values are Python's slice.indices().
TEST(Select, SlicesAsPython) {
  EXPECT_EQ(piece_of(10, {}), "(10,) from 0 by 1");
  EXPECT_EQ(piece_of(10, {2, 5, {}}), "(3,) from 2 by 1");
  EXPECT_EQ(piece_of(10, {-3, {}, {}}), "(3,) from 7 by 1");
  EXPECT_EQ(piece_of(10, {{}, -3, 2}), "(4,) from 0 by 2");
  EXPECT_EQ(piece_of(10, {{}, {}, -1}), "(10,) from 9 by -1");
  EXPECT_EQ(piece_of(10, {{}, {}, -3}), "(4,) from 9 by -3");
  EXPECT_EQ(piece_of(10, {5, 2, {}}), "(0,) nothing");
  EXPECT_EQ(piece_of(10, {2, 5, -1}), "(0,) nothing");
  EXPECT_EQ(piece_of(10, {100, {}, -4}), "(3,) from 9 by -4");
  EXPECT_EQ(piece_of(10, {-100, 100, 4}), "(3,) from 0 by 4");
  EXPECT_EQ(piece_of(0, {{}, {}, -1}), "(0,) nothing");
}

TEST(Select, TakesAnyNumberThatFitsAnIndex) {
  EXPECT_EQ(piece_of(10, {{}, {}, kMaxIndex}), "(1,) from 0 by 0");
  EXPECT_EQ(piece_of(10, {{}, {}, kSmallest}), "(1,) from 9 by 0");
  EXPECT_EQ(piece_of(10, {kSmallest, kMaxIndex, {}}), "(10,) from 0 by 1");
  EXPECT_EQ(piece_of(10, {kMaxIndex, kSmallest, -1}), "(10,) from 9 by -1");
  const std::vector<std::byte> element(1);
  const auto huge = full_view(testing::kU1, {kMaxIndex}, element);
  EXPECT_EQ(select(*huge, {Slice{{}, {}, -1}})->shape, Shape({kMaxIndex}));
  EXPECT_EQ(select(*huge, {Slice{{}, {}, 2}})->shape, Shape({Index{1} << 62}));
}

TEST(Select, DropsAddsAndSkipsAxes) {
  const ArrayView view = array({2, 3, 4, 5});
  EXPECT_EQ(select(view, {})->shape, view.shape);
  EXPECT_EQ(select(view, {Index{1}})->shape, Shape({3, 4, 5}));
  EXPECT_EQ(select(view, {Ellipsis{}, Index{-1}})->shape, Shape({2, 3, 4}));
  EXPECT_EQ(select(view, {Index{0}, Ellipsis{}, Slice{1, 3, {}}})->shape, Shape({3, 4, 2}));
  EXPECT_EQ(select(view, {NewAxis{}, Ellipsis{}, NewAxis{}})->shape, Shape({1, 2, 3, 4, 5, 1}));
  EXPECT_EQ(select(view, {Slice{}, Index{0}, Index{0}, Index{0}, Ellipsis{}})->shape, Shape({2}));
  EXPECT_EQ(select(array({}), {Ellipsis{}, NewAxis{}})->shape, Shape({1}));
}

TEST(Select, KeepsOnlyThePiecesItMeets) {
  const auto joined = concatenate({array({5, 2}), array({5, 2}), array({5, 2})}, 0);
  EXPECT_EQ(select(*joined, {Slice{5, 10, {}}})->pieces.size(), 1U);
  EXPECT_EQ(select(*joined, {Slice{4, 11, {}}})->pieces.size(), 3U);
  EXPECT_EQ(select(*joined, {Slice{4, 11, 6}})->pieces.size(), 2U);
  EXPECT_EQ(select(*joined, {Index{14}})->pieces.size(), 1U);
}

TEST(Select, RefusesWhatNumPyRefuses) {
  const ArrayView view = array({2, 3});
  EXPECT_EQ(message_of(select(view, {Index{2}})), "index 2 is out of bounds for axis 0 with size 2");
  EXPECT_EQ(message_of(select(view, {Slice{}, Index{-4}})),
            "index -4 is out of bounds for axis 1 with size 3");
  EXPECT_EQ(message_of(select(view, {Index{0}, Index{0}, Slice{}})),
            "too many indices for array: array is 2-dimensional, but 3 were indexed");
  EXPECT_EQ(message_of(select(view, {Ellipsis{}, Ellipsis{}})),
            "an index can only have a single ellipsis ('...')");
  EXPECT_EQ(message_of(select(view, {Slice{{}, {}, 0}})), "slice step cannot be zero");
  EXPECT_EQ(message_of(select(view, Selection(31, NewAxis{}))),
            "number of dimensions must be within [0, 32], indexing result would have 33");
  EXPECT_EQ(select(view, Selection(30, NewAxis{}))->shape.size(), 32);
}

TEST(Select, IsWrittenAsPythonWritesIt) {
  EXPECT_EQ(to_string(Selection{Slice{10, 20, {}}, Ellipsis{}, Slice{{}, {}, -1}, Index{3}, NewAxis{}}),
            "10:20, ..., ::-1, 3, newaxis");
  EXPECT_EQ(to_string(Selection{}), "");
}

}  // namespace
}  // namespace ndcat
