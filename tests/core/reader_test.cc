#include "core/reading/reader.h"

#include <gtest/gtest.h>

#include "tests/core/memory_sources.h"
#include "tests/core/views.h"

namespace ndcat {
namespace {

using testing::Bytes;
using testing::kU1;
using testing::MemorySources;

Bytes counting(std::size_t size) {
  Bytes bytes(size);
  for (std::size_t i = 0; i < size; ++i) bytes[i] = static_cast<std::byte>(i);
  return bytes;
}

ArrayView bytes_of(MemorySources& sources, SourceId source) {
  return testing::array({sources.size(source)}, kU1, Order::c, source);
}

TEST(Reader, NamesTheSourceThatFailed) {
  MemorySources sources;
  const SourceId a = sources.add(counting(10)), b = sources.add(counting(10));
  const auto layout =
      FileLayout::plan(*concatenate({bytes_of(sources, a), bytes_of(sources, b)}, 0), Order::c);
  sources.fail(b);
  Bytes out(10);
  EXPECT_TRUE(read(*layout, VirtualOffset{0}, out, sources));
  EXPECT_EQ(out, counting(10));
  const ReadResult failed = read(*layout, VirtualOffset{5}, out, sources);
  EXPECT_FALSE(failed);
  EXPECT_EQ(failed.status, ReadStatus::source_failed);
  EXPECT_EQ(failed.source, b);
}

TEST(Reader, SaysWhenAnElementHasNoValueInTheDtypeAskedFor) {
  MemorySources sources;
  const SourceId id = sources.add({std::byte{'a'}, std::byte{0xFF}});
  const auto text = astype(testing::array({2}, Dtype::simple(Kind::bytes, 1), Order::c, id),
                           Dtype::simple(Kind::unicode, 4));
  ASSERT_TRUE(text.ok()) << text.error().message;
  const auto layout = FileLayout::plan(*text, Order::c);
  Bytes out(4);
  EXPECT_TRUE(read(*layout, VirtualOffset{0}, out, sources));
  const ReadResult failed = read(*layout, VirtualOffset{4}, out, sources);
  EXPECT_EQ(failed.status, ReadStatus::conversion_failed);
  EXPECT_EQ(failed.source, id);
}

TEST(Reader, AsksForNoMoreThanItMay) {
  MemorySources sources;
  const SourceId id = sources.add(counting(600));
  const ArrayView view =
      *select(testing::array({20, 30}, kU1, Order::f, id), {Slice{{}, {}, -2}, Slice{1, {}, 7}});
  const auto layout = FileLayout::plan(view, Order::c);
  Bytes whole(static_cast<std::size_t>(layout->size()));
  ASSERT_TRUE(read(*layout, VirtualOffset{0}, whole, sources));
  for (const Index longest : {1, 2, 19, 20, 21, 300}) {
    sources.set_longest_span(longest);
    Bytes out(whole.size());
    ASSERT_TRUE(read(*layout, VirtualOffset{0}, out, sources));
    EXPECT_EQ(out, whole);
  }
  EXPECT_EQ(sources.broken_promises(), 0);
}

TEST(Reader, ConvertsElementsLargerThanASpan) {
  MemorySources sources;
  const SourceId id = sources.add(counting(200));
  const ArrayView view = testing::array({2}, Dtype::simple(Kind::bytes, 100), Order::c, id);
  const auto layout = FileLayout::plan(*astype(view, Dtype::simple(Kind::bytes, 150)), Order::c);
  sources.set_longest_span(64);
  Bytes out(120);
  ASSERT_TRUE(read(*layout, VirtualOffset{90}, out, sources));
  for (std::size_t i = 0; i < 120; ++i) {
    const std::size_t at = 90 + i, within = at % 150;
    EXPECT_EQ(out[i], within < 100 ? static_cast<std::byte>(at / 150 * 100 + within) : std::byte{0});
  }
  EXPECT_EQ(sources.broken_promises(), 0);
}

TEST(Reader, MakesBytesFromElementsWithout) {
  MemorySources sources;
  const SourceId id = sources.add({});
  const ArrayView view = testing::array({3}, Dtype::simple(Kind::bytes, 0), Order::c, id);
  const auto layout = FileLayout::plan(*astype(view, Dtype::simple(Kind::bytes, 4)), Order::c);
  Bytes out(12, std::byte{0xA5});
  ASSERT_TRUE(read(*layout, VirtualOffset{0}, out, sources));
  EXPECT_EQ(out, Bytes(12));
  EXPECT_EQ(sources.broken_promises(), 0);
}

}  // namespace
}  // namespace ndcat
