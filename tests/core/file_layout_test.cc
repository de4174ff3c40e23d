#include "core/layout/file_layout.h"

#include <gtest/gtest.h>

#include "tests/core/views.h"

namespace ndcat {
namespace {

using testing::array;
using testing::kF8;
using testing::kU1;
using testing::message_of;

std::string run_lengths(const Result<ArrayView>& view, Order order = Order::c) {
  const auto layout = FileLayout::plan(*view, order);
  EXPECT_TRUE(layout.ok()) << message_of(layout);
  const RunLengths runs = layout->run_lengths();
  return std::to_string(runs.shortest) + " " + std::to_string(runs.median) + " " +
         std::to_string(runs.longest);
}

TEST(FileLayout, BoundsTheFileWithItsHeader) {
  const std::vector<std::byte> element(1);
  const auto view = full_view(kU1, {kMaxIndex - 128}, element);
  EXPECT_EQ(FileLayout::plan(*view, Order::c, 128)->size(), kMaxIndex - 128);
  EXPECT_EQ(message_of(FileLayout::plan(*view, Order::c, 129)),
            "an array of 9223372036854775679 bytes and its header are too big for a file");
}

TEST(FileLayout, OfArraysWithoutBytesIsEmpty) {
  for (const ArrayView& view : {array({0, 3}), array({5}, Dtype::simple(Kind::bytes, 0))}) {
    const auto layout = FileLayout::plan(view, Order::f);
    ASSERT_TRUE(layout.ok());
    EXPECT_EQ(layout->size(), 0);
    EXPECT_TRUE(layout->for_each_segment({}, [](const Segment&) { return false; }));
  }
}

TEST(FileLayout, FindsBytesBeyond2To40) {
  const Index rows = Index{1} << 40;
  const std::vector<std::byte> element(8, std::byte{1});
  const auto sparse = source_view(7, kMaxIndex, kF8, {rows, 3}, Order::c, SourceOffset{1000});
  const auto layout =
      FileLayout::plan(*concatenate({*full_view(kF8, {rows, 3}, element), *sparse}, 0), Order::c);
  const Index begin = 24 * rows + 24 * (rows - 1);
  int segments = 0;
  layout->for_each_segment({.begin = VirtualOffset{begin}, .length = 24}, [&](const Segment& segment) {
    EXPECT_EQ(segment.source, 7U);
    EXPECT_EQ(static_cast<Index>(segment.offset), 1000 + 24 * (rows - 1));
    EXPECT_EQ(segment.extents, Indices({3}));
    ++segments;
    return true;
  });
  EXPECT_EQ(segments, 1);
}

TEST(FileLayout, MergesWhatIsContiguous) {
  const auto layout = FileLayout::plan(array({4, 5, 6}), Order::c);
  layout->for_each_segment({.begin = VirtualOffset{0}, .length = 960}, [&](const Segment& segment) {
    EXPECT_EQ(segment.extents, Indices({120}));
    EXPECT_EQ(segment.from_strides, Indices({8}));
    EXPECT_EQ(segment.to_strides, Indices({8}));
    return true;
  });
}

TEST(FileLayout, KnowsHowLongItsRunsAre) {
  EXPECT_EQ(run_lengths(array({10, 4})), "320 320 320");
  EXPECT_EQ(run_lengths(array({10, 4}, kF8, Order::f)), "8 8 8");
  EXPECT_EQ(run_lengths(array({10, 4}, kF8, Order::f), Order::f), "320 320 320");
  EXPECT_EQ(run_lengths(array({0, 4})), "0 0 0");
  EXPECT_EQ(run_lengths(concatenate({array({10, 3}), array({10, 1})}, 1)), "8 8 24");
  EXPECT_EQ(run_lengths(concatenate({array({10, 3}), array({2, 3})}, 0)), "48 48 240");
  EXPECT_EQ(run_lengths(select(array({10, 4}), {Slice{}, Slice{1, 3, {}}})), "16 16 16");
  EXPECT_EQ(run_lengths(select(array({10}), {Slice{{}, {}, -1}})), "8 8 8");
  // Bytes of the file, not of the source.
  EXPECT_EQ(run_lengths(astype(array({10}, kU1), kF8)), "80 80 80");
}

TEST(FileLayout, RefusesToConvertEnormousElements) {
  const Dtype small = Dtype::simple(Kind::bytes, 10), enormous = Dtype::simple(Kind::bytes, (64 << 20) + 1);
  EXPECT_TRUE(FileLayout::plan(array({2}, enormous), Order::c).ok());
  EXPECT_NE(
      message_of(FileLayout::plan(*astype(array({2}, small), enormous), Order::c)).find("at most 64 MiB"),
      std::string::npos);
}

/// plan() is the last to look before bytes are touched, so it must see what nobody should have made.
TEST(FileLayout, RefusesViewsThatLeaveTheirBounds) {
  const auto with_piece = [](const Indices& origin, const Indices& extents, const Indices& strides,
                             Index offset) {
    ArrayView view = array({4});
    view.pieces = PieceTable(1);
    view.pieces.add({.origin = origin,
                     .extents = extents,
                     .strides = strides,
                     .offset = SourceOffset{offset},
                     .source = 0});
    return message_of(FileLayout::plan(std::move(view), Order::c));
  };
  EXPECT_EQ(with_piece({0}, {4}, {8}, 0), "(no error)");
  EXPECT_EQ(with_piece({0}, {4}, {-8}, 24), "(no error)");
  const std::string fault = "piece 0 leaves its bounds; this is a fault of ndcat, please report it";
  EXPECT_EQ(with_piece({0}, {5}, {8}, 0), fault);
  EXPECT_EQ(with_piece({-1}, {4}, {8}, 0), fault);
  EXPECT_EQ(with_piece({1}, {4}, {8}, 0), fault);
  EXPECT_EQ(with_piece({0}, {4}, {-8}, 23), fault);
  EXPECT_EQ(with_piece({0}, {4}, {8}, kMaxIndex - 30), fault);
  EXPECT_EQ(with_piece({0}, {4}, {kMaxIndex}, 0), fault);
  EXPECT_EQ(with_piece({0}, {3}, {8}, 0),
            "the pieces do not cover the array; this is a fault of ndcat, please report it");
}

TEST(FileLayout, PlansVeryManyPieces) {
  Concatenation concatenation(0);
  constexpr Index kPieces = 100000;
  for (Index i = 0; i < kPieces; ++i) {
    ASSERT_FALSE(concatenation.add(array({1, 4}, kF8, Order::c, static_cast<SourceId>(i)), ""));
  }
  const auto layout = FileLayout::plan(*std::move(concatenation).finish(), Order::c);
  ASSERT_TRUE(layout.ok());
  Index next = 5000;
  const ByteRange range{.begin = VirtualOffset{next * 32}, .length = 1000 * 32};
  layout->for_each_segment(range, [&](const Segment& segment) {
    EXPECT_EQ(segment.source, static_cast<SourceId>(next++));
    return true;
  });
  EXPECT_EQ(next, 6000);
}

}  // namespace
}  // namespace ndcat
