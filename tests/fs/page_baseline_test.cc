#include "fs/files/writing/page_baseline.h"

#include <gtest/gtest.h>

#include <string>

namespace ndcat {
namespace {

const Index kPage = PageBaseline::page_size();

std::string pages(char byte, Index count) {
  return std::string(static_cast<std::size_t>(count * kPage), byte);
}

std::span<const std::byte> bytes(const std::string& text) { return std::as_bytes(std::span(text)); }

/// What is known of a part, or "unknown".
std::string known(const PageBaseline& baseline, Index offset, std::size_t length) {
  std::string text(length, '?');
  return baseline.get(offset, std::as_writable_bytes(std::span(text))) ? text : "unknown";
}

TEST(PageBaseline, KnowsWhatWasPut) {
  PageBaseline baseline;
  baseline.put(kPage, bytes(pages('a', 2)));
  EXPECT_EQ(known(baseline, kPage, static_cast<std::size_t>(2 * kPage)), pages('a', 2));
  EXPECT_EQ(known(baseline, kPage + 10, 5), "aaaaa");
  EXPECT_EQ(known(baseline, 0, 5), "unknown");
  EXPECT_EQ(known(baseline, 3 * kPage - 2, 5), "unknown");
  baseline.put(2 * kPage, bytes(pages('b', 1)));
  EXPECT_EQ(known(baseline, 2 * kPage - 2, 4), "aabb");
}

TEST(PageBaseline, TheLastPageEndsWhereTheFileDoes) {
  PageBaseline baseline;
  baseline.put(0, bytes("end of file"));
  EXPECT_EQ(known(baseline, 0, 11), "end of file");
  EXPECT_EQ(known(baseline, 0, 13), std::string("end of file\0\0", 13));
  EXPECT_TRUE(baseline.patch(13, bytes("gap"), 1));
  EXPECT_EQ(known(baseline, 0, 13), std::string("end of file\0\0", 13));
  EXPECT_TRUE(baseline.patch(7, bytes("line, and more"), 1));
  EXPECT_EQ(known(baseline, 0, 21), "end of line, and more") << "which the file has by now";
}

TEST(PageBaseline, WritesChangeWhatIsThereAndWholePagesAreThereFromThenOn) {
  PageBaseline baseline;
  baseline.put(0, bytes(pages('a', 1)));
  EXPECT_TRUE(baseline.patch(kPage - 2, bytes("xx" + pages('y', 1) + "zz"), 1));
  EXPECT_EQ(known(baseline, kPage - 3, 4), "axxy");
  EXPECT_EQ(known(baseline, 2 * kPage - 1, 1), "y");
  EXPECT_EQ(known(baseline, 2 * kPage, 1), "unknown") << "a part of a page that is not in the cache";
}

TEST(PageBaseline, APageThatWasReadSinceAWriteWasAskedForDoesNotShowIt) {
  PageBaseline baseline;
  baseline.put_read(0, bytes("old"), 10);
  EXPECT_TRUE(baseline.patch(0, bytes("new"), 11));
  EXPECT_EQ(known(baseline, 0, 3), "new");
  baseline.put_read(0, bytes("old"), 20);
  EXPECT_FALSE(baseline.patch(0, bytes("new"), 19));
  EXPECT_EQ(known(baseline, 0, 3), "old");
  baseline.put(0, bytes("odd"));
  EXPECT_FALSE(baseline.patch(0, bytes("new"), 19)) << "it came back from a map meanwhile";
  baseline.put_read(kPage, bytes(pages('a', 1)), 30);
  EXPECT_FALSE(baseline.patch(kPage, bytes(pages('b', 1)), 30));
  EXPECT_EQ(known(baseline, kPage, 1), "a");
}

TEST(PageBaseline, EvictionForgetsTheOldestAndKeepsWhatWasReadAgain) {
  PageBaseline baseline;
  for (Index page = 0; page < 1000; ++page) baseline.put(page * kPage, bytes(pages('a', 1)));
  EXPECT_EQ(baseline.size(), static_cast<std::size_t>(1000 * kPage));
  const PageBaseline::Range first = baseline.begin_eviction();
  EXPECT_EQ(first.begin, 0);
  ASSERT_GT(first.length, 2 * kPage);
  baseline.put(kPage, bytes(pages('b', 1)));
  EXPECT_EQ(known(baseline, 0, 1), "a") << "still needed while the kernel gives its pages up";
  baseline.end_eviction(first);
  EXPECT_EQ(known(baseline, 0, 1), "unknown");
  EXPECT_EQ(known(baseline, kPage, 1), "b");
  EXPECT_EQ(known(baseline, first.length, 1), "a");
  while (baseline.size() > 0) {
    const PageBaseline::Range range = baseline.begin_eviction();
    ASSERT_GT(range.length, 0) << "every page is given up at some time";
    baseline.end_eviction(range);
  }
  EXPECT_EQ(baseline.begin_eviction().length, 0);
}

TEST(PageBaseline, ARangeThatGrowsDuringItsEvictionKeepsTheRest) {
  PageBaseline baseline;
  baseline.put(0, bytes(pages('a', 1)));
  const PageBaseline::Range range = baseline.begin_eviction();
  baseline.put(kPage, bytes(pages('b', 1)));
  baseline.end_eviction(range);
  EXPECT_EQ(known(baseline, 0, 1), "unknown");
  EXPECT_EQ(known(baseline, kPage, 1), "b");
  const PageBaseline::Range rest = baseline.begin_eviction();
  EXPECT_EQ(rest.begin, kPage);
  baseline.end_eviction(rest);
  EXPECT_EQ(baseline.size(), 0u);
}

}  // namespace
}  // namespace ndcat
