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

bool is_certain(const PageBaseline::Doubt& doubt) { return doubt.parts.empty(); }

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
  EXPECT_TRUE(is_certain(baseline.patch(13, bytes("gap"), 1)));
  EXPECT_EQ(known(baseline, 0, 13), std::string("end of file\0\0", 13));
  EXPECT_TRUE(is_certain(baseline.patch(7, bytes("line, and more"), 1)));
  EXPECT_EQ(known(baseline, 0, 21), "end of line, and more") << "which the file has by now";
}

TEST(PageBaseline, WritesChangeWhatIsThereAndWholePagesAreThereFromThenOn) {
  PageBaseline baseline;
  baseline.put(0, bytes(pages('a', 1)));
  EXPECT_TRUE(is_certain(baseline.patch(kPage - 2, bytes("xx" + pages('y', 1) + "zz"), 1)));
  EXPECT_EQ(known(baseline, kPage - 3, 4), "axxy");
  EXPECT_EQ(known(baseline, 2 * kPage - 1, 1), "y");
  EXPECT_EQ(known(baseline, 2 * kPage, 1), "unknown") << "a part of a page that is not in the cache";
}

TEST(PageBaseline, OfPagesThatWereReadSinceTheLastAnswerNothingIsCertain) {
  PageBaseline baseline;
  baseline.put_read(0, bytes("old"), 10);
  EXPECT_TRUE(is_certain(baseline.patch(0, bytes("new"), 11))) << "it was read before the writer's open()";
  EXPECT_EQ(known(baseline, 0, 3), "new");
  EXPECT_FALSE(is_certain(baseline.patch(0, bytes("now"), 10)));
  EXPECT_EQ(known(baseline, 0, 3), "new");
  baseline.note_answer(20);
  EXPECT_TRUE(is_certain(baseline.patch(0, bytes("now"), 10))) << "before this one was begun";
  EXPECT_EQ(known(baseline, 0, 3), "now");
  baseline.put_read(0, bytes("old"), 20);
  baseline.put(0, bytes("odd"));
  EXPECT_FALSE(is_certain(baseline.patch(0, bytes("new"), 5))) << "it came back from a map meanwhile";
  EXPECT_EQ(known(baseline, 0, 3), "odd");
}

TEST(PageBaseline, ADoubtNamesThePartOfEachPageAndLeavesTheOthersCertain) {
  PageBaseline baseline;
  baseline.put_read(0, bytes(pages('a', 1)), 10);
  baseline.put(kPage, bytes(pages('a', 1)));
  baseline.put_read(2 * kPage, bytes(pages('a', 1)), 10);
  const auto doubt = baseline.patch(kPage - 3, bytes("bbb" + pages('c', 1) + "dd"), 5);
  ASSERT_EQ(doubt.parts.size(), 2u);
  EXPECT_EQ(doubt.parts[0].begin, kPage - 3);
  EXPECT_EQ(doubt.parts[0].length, 3);
  EXPECT_EQ(doubt.parts[1].begin, 2 * kPage);
  EXPECT_EQ(doubt.parts[1].length, 2);
  EXPECT_EQ(known(baseline, kPage - 3, 4), "aaac");
  EXPECT_EQ(known(baseline, 2 * kPage, 3), "aaa");
}

TEST(PageBaseline, WhatAPageWasFoundToShowIsItsBaseline) {
  PageBaseline baseline;
  baseline.put_read(0, bytes(pages('a', 2)), 10);
  const auto doubt = baseline.patch(kPage - 2, bytes("bbbb"), 5);
  ASSERT_EQ(doubt.parts.size(), 2u);
  baseline.settle(kPage - 2, bytes("bb"), doubt);
  EXPECT_EQ(known(baseline, kPage - 3, 6), "abbaaa");
  baseline.settle(kPage, bytes("bb"), doubt);
  EXPECT_EQ(known(baseline, kPage - 3, 6), "abbbba");
}

TEST(PageBaseline, WhatWasPutSinceADoubtStays) {
  PageBaseline baseline;
  baseline.put_read(0, bytes(pages('a', 1)), 10);
  const auto doubt = baseline.patch(0, bytes("b"), 5);
  baseline.put_read(0, bytes(pages('c', 1)), 12);
  baseline.settle(0, bytes("b"), doubt);
  EXPECT_EQ(known(baseline, 0, 2), "cc");
  baseline.end_eviction(baseline.begin_eviction());
  baseline.settle(0, bytes("b"), doubt);
  EXPECT_EQ(known(baseline, 0, 1), "unknown") << "nor does a page come back that was given up";
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
