// The laws of core/README.md on random expressions, against the naive reference.
#include <gtest/gtest.h>

#include <numeric>

#include "core/algebra/algebra.h"
#include "core/reading/reader.h"
#include "tests/core/kernel_targets.h"
#include "tests/core/random_expression.h"

namespace ndcat::testing {
namespace {

FileLayout plan_of(const ArrayView& view, Order order) {
  auto layout = FileLayout::plan(view, order);
  EXPECT_TRUE(layout.ok()) << layout.error().message;
  return *std::move(layout);
}

Bytes bytes_of(const ArrayView& view, MemorySources& sources, Order order = Order::c) {
  const FileLayout layout = plan_of(view, order);
  return read_bytes(layout, sources, 0, layout.size());
}

/// Sets up `kCases` random worlds of their own and calls body(random, sources, expressions).
template <class Body>
void for_random_cases(int cases, Body body) {
  for (int i = 0; i < cases; ++i) {
    SCOPED_TRACE("NDCAT_SEED=" + std::to_string(seed_of_run()) + ", case " + std::to_string(i));
    const KernelsOf kernels(kernel_target_of_case(static_cast<std::uint64_t>(i)));
    Random random(seed_of_run() + static_cast<std::uint64_t>(i));
    MemorySources sources;
    RandomExpressions expressions(random, sources);
    expressions.choose_family();
    body(random, sources, expressions);
    ASSERT_EQ(sources.broken_promises(), 0);
    if (::testing::Test::HasFailure()) return;
  }
}

void expect_pieces_partition(const ArrayView& view) {
  std::vector<int> covered(static_cast<std::size_t>(*element_count(view.shape)), 0);
  for (std::size_t i = 0; i < view.pieces.size(); ++i) {
    const Piece piece = view.pieces[i];
    for_each_index(Shape(piece.extents), [&](Indices index) {
      for (int axis = 0; axis < index.size(); ++axis)
        index[axis] += piece.origin[static_cast<std::size_t>(axis)];
      covered[static_cast<std::size_t>(position_of(index, view.shape))] += 1;
    });
  }
  EXPECT_EQ(std::count(covered.begin(), covered.end(), 1), std::ssize(covered));
  EXPECT_EQ(view.pieces.size() == 0, covered.empty());
}

TEST(Laws, EveryRangeOfEveryExpressionIsWhatTheReferenceHas) {
  for_random_cases(12000, [](Random& random, MemorySources& sources, RandomExpressions& expressions) {
    const Expression expression =
        expressions.of_shape(expressions.shape(5, 200), static_cast<int>(random.between(0, 4)));
    SCOPED_TRACE(expression.text);
    ASSERT_EQ(expression.view.shape, expression.naive.shape);
    ASSERT_EQ(expression.view.dtype, expression.naive.dtype);
    expect_pieces_partition(expression.view);
    for (const Order order : {Order::c, Order::f}) {
      const Bytes expected = naive_file(expression.naive, order);
      const FileLayout layout = plan_of(expression.view, order);
      ASSERT_EQ(layout.size(), std::ssize(expected));
      for (int i = 0; i < 8; ++i) {
        sources.set_longest_span(random.one_in(3) ? random.between(1, 40) : 1 << 20);
        const Index begin = i == 0 ? 0 : random.between(0, layout.size());
        const Index end = i == 0 ? layout.size() : random.between(begin, layout.size());
        const Bytes found = read_bytes(layout, sources, begin, end - begin);
        ASSERT_TRUE(std::equal(found.begin(), found.end(), expected.begin() + begin))
            << static_cast<char>(order) << " [" << begin << ", " << end << ")";
      }
    }
  });
}

TEST(Laws, SegmentsHoldEveryByteOfARangeOnce) {
  for_random_cases(1000, [](Random& random, MemorySources&, RandomExpressions& expressions) {
    const Expression expression = expressions.of_shape(expressions.shape(4, 200), 3);
    const FileLayout layout = plan_of(expression.view, random.one_in(2) ? Order::c : Order::f);
    const Index begin = random.between(0, layout.size()), end = random.between(begin, layout.size());
    std::vector<int> hits(static_cast<std::size_t>(end - begin), 0);
    const ByteRange range{.begin = VirtualOffset{begin}, .length = end - begin};
    EXPECT_TRUE(layout.for_each_segment(range, [&](const Segment& segment) {
      const Index bytes = segment.keep > 0 ? segment.keep : segment.to_itemsize;
      for_each_index(segment.extents, [&](const Indices& index) {
        Index at = segment.to_offset;
        for (int axis = 0; axis < index.size(); ++axis) at += index[axis] * segment.to_strides[axis];
        for (Index i = at; i < at + bytes; ++i) hits.at(static_cast<std::size_t>(i)) += 1;
      });
      return true;
    }));
    EXPECT_EQ(std::count(hits.begin(), hits.end(), 1), std::ssize(hits));
  });
}

TEST(Laws, ReadsJoin) {
  for_random_cases(500, [](Random& random, MemorySources& sources, RandomExpressions& expressions) {
    const Expression expression = expressions.of_shape(expressions.shape(4, 200), 3);
    const FileLayout layout = plan_of(expression.view, Order::c);
    const Index a = random.between(0, layout.size()), c = random.between(a, layout.size());
    const Index b = random.between(a, c);
    Bytes joined = read_bytes(layout, sources, a, b - a);
    const Bytes rest = read_bytes(layout, sources, b, c - b);
    joined.insert(joined.end(), rest.begin(), rest.end());
    EXPECT_EQ(joined, read_bytes(layout, sources, a, c - a));
  });
}

TEST(Laws, ConcatenationOfASplitIsTheWhole) {
  for_random_cases(500, [](Random& random, MemorySources& sources, RandomExpressions& expressions) {
    Shape shape = expressions.shape(3, 30);
    shape.push_back(random.between(1, 6));
    const Expression whole = expressions.of_shape(shape, 3);
    const int axis = static_cast<int>(random.between(0, shape.size() - 1));
    const Index middle = random.between(0, shape[axis]);
    Selection low(static_cast<std::size_t>(axis), Slice{}), high = low;
    low.emplace_back(Slice{.start = {}, .stop = middle, .step = {}});
    high.emplace_back(Slice{.start = middle, .stop = {}, .step = {}});
    const auto joined = concatenate({*select(whole.view, low), *select(whole.view, high)}, axis);
    ASSERT_TRUE(joined.ok());
    EXPECT_EQ(joined->shape, whole.view.shape);
    EXPECT_EQ(bytes_of(*astype(*joined, whole.view.dtype), sources), bytes_of(whole.view, sources));
  });
}

TEST(Laws, TransposeAndItsInverseAreTheIdentity) {
  for_random_cases(500, [](Random& random, MemorySources& sources, RandomExpressions& expressions) {
    const Expression whole = expressions.of_shape(expressions.shape(5, 100), 3);
    std::vector<Index> axes(static_cast<std::size_t>(whole.view.shape.size())), inverse = axes;
    std::iota(axes.begin(), axes.end(), 0);
    for (std::size_t i = axes.size(); i > 1; --i) {
      std::swap(axes[i - 1], axes[static_cast<std::size_t>(random.between(0, static_cast<Index>(i) - 1))]);
    }
    for (std::size_t i = 0; i < axes.size(); ++i)
      inverse[static_cast<std::size_t>(axes[i])] = static_cast<Index>(i);
    const ArrayView back = *transpose(*transpose(whole.view, axes), inverse);
    EXPECT_EQ(back.shape, whole.view.shape);
    EXPECT_EQ(back.numpy_strides, whole.view.numpy_strides);
    EXPECT_EQ(bytes_of(back, sources), bytes_of(whole.view, sources));
    // A file in F order holds what the transposed array's file holds in C order.
    EXPECT_EQ(bytes_of(*transpose(whole.view, {}), sources, Order::c),
              bytes_of(whole.view, sources, Order::f));
  });
}

TEST(Laws, SelectionGoesInsideConcatenation) {
  for_random_cases(500, [](Random& random, MemorySources& sources, RandomExpressions& expressions) {
    Shape shape = expressions.shape(3, 50);
    shape.push_back(random.between(1, 6));
    const int axis = static_cast<int>(random.between(0, shape.size() - 1));
    const Expression a = expressions.of_shape(shape, 2), b = expressions.of_shape(shape, 2);
    // Along every axis but the joined one, so that the same selection fits the parts.
    Selection selection;
    for (int i = 0; i < shape.size(); ++i) {
      selection.emplace_back(
          i == axis ? Slice{}
                    : Slice{.start = {}, .stop = random.between(0, 6), .step = random.one_in(2) ? 2 : -1});
    }
    const auto of_whole = select(*concatenate({a.view, b.view}, axis), selection);
    const auto of_parts = concatenate({*select(a.view, selection), *select(b.view, selection)}, axis);
    EXPECT_EQ(of_whole->shape, of_parts->shape);
    EXPECT_EQ(bytes_of(*of_whole, sources), bytes_of(*of_parts, sources));
  });
}

}  // namespace
}  // namespace ndcat::testing
