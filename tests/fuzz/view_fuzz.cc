// Any choices of an expression over small sources, and any byte ranges of it: what is read is what the naive
// reference has, in either order.
#include <gtest/gtest.h>

#include <cstddef>
#include <cstdint>
#include <utility>

#include "core/layout/file_layout.h"
#include "tests/core/kernel_targets.h"
#include "tests/core/random_expression.h"

extern "C" int LLVMFuzzerInitialize(int*, char***) {
  GTEST_FLAG_SET(break_on_failure, true);  // a difference is a crash
  return 0;
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace ndcat;           // NOLINT: a program of one function
  using namespace ndcat::testing;  // NOLINT
  const KernelsOf kernels(kernel_target_of_case(size));
  Random random(std::span(data, size));
  MemorySources sources;
  RandomExpressions expressions(random, sources);
  expressions.choose_family();
  const Expression expression =
      expressions.of_shape(expressions.shape(5, 200), static_cast<int>(random.between(0, 4)));
  const Order order = random.one_in(2) ? Order::f : Order::c;
  const Bytes expected = naive_file(expression.naive, order);
  auto layout = FileLayout::plan(expression.view, order);
  EXPECT_TRUE(layout.ok());
  EXPECT_EQ(layout->size(), std::ssize(expected)) << expression.text;
  for (int i = 0; i < 4; ++i) {
    sources.set_longest_span(random.one_in(3) ? random.between(1, 40) : 1 << 20);
    const Index begin = random.between(0, layout->size()), end = random.between(begin, layout->size());
    const Bytes found = read_bytes(*layout, sources, begin, end - begin);
    EXPECT_TRUE(std::equal(found.begin(), found.end(), expected.begin() + begin))
        << expression.text << " [" << begin << ", " << end << ")";
  }
  EXPECT_EQ(sources.broken_promises(), 0);
  return 0;
}
