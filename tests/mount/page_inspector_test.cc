// Writes that are held until the kernel has told what its pages show, with a kernel of our own.

#include "fs/mount/page_inspector.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <string>
#include <utility>

#include "fs/files/buffer_pool.h"
#include "tests/support/fake_snapshot.h"

namespace ndcat {
namespace {

using namespace std::chrono_literals;
using Part = PageInspector::Part;

const Index kPageSize = PageBaseline::page_size();
constexpr InodeNumber kNumber = 42;

std::string text_of(const PageBaseline& baseline, Index offset, std::size_t length) {
  std::string text(length, '?');
  return baseline.get(offset, std::as_writable_bytes(std::span(text))) ? text : "unknown";
}

class PageInspectorTest : public testing::Test {
 protected:
  struct Asked {
    Part part;
    PageInspector::Ticket ticket = 0;
  };

  void SetUp() override {
    inspector_.start(
        [this](InodeNumber number, const Part& part, PageInspector::Ticket ticket) {
          EXPECT_EQ(number, kNumber);
          asked_.push_back({part, ticket});
          return kernel_tells_;
        },
        [this](InodeNumber number, Index offset, Index length) {
          EXPECT_EQ(number, kNumber);
          const std::lock_guard lock(mutex_);
          EXPECT_FALSE(is_answered_) << "a page is dropped before whoever wrote goes on";
          dropped_.push_back({offset, length});
        });
    const std::string all(static_cast<std::size_t>(4 * kPageSize), 'a');
    baseline_->put_read(0, std::as_bytes(std::span(all)), 10);
  }

  /// A write of 'b's to pages that were read since the last answer.
  void write(Index offset, Index size, std::optional<ReadFailure> failure = {}) {
    BufferPool::Buffer buffer = BufferPool::apart(static_cast<std::size_t>(size));
    std::ranges::fill(buffer.bytes(), std::byte{'b'});
    const auto bytes = buffer.bytes().first(static_cast<std::size_t>(size));
    auto doubt = failure ? baseline_->doubt_all(offset, bytes) : baseline_->patch(offset, bytes, 5);
    ASSERT_FALSE(doubt.parts.empty());
    const auto node = std::make_shared<const Node>(
        Node{.number = kNumber, .snapshot = std::make_shared<FakeSnapshot>(FakeFile{.size = 4 * kPageSize})});
    auto file = std::make_shared<OpenFile>();
    file->node = node;
    inspector_.hold({Request(nullptr), std::move(file), offset, bytes, std::move(buffer), std::move(failure)},
                    baseline_, std::move(doubt));
  }

  /// The kernel's answer to what it was asked last.
  void tell(const std::string& shown) {
    inspector_.retrieved(asked_.back().ticket, std::as_bytes(std::span(shown)));
  }

  bool wait_for_answer() {
    std::unique_lock lock(mutex_);
    return changed_.wait_for(lock, 60s, [this] { return is_answered_; });
  }

  static std::string bees(Index count) { return std::string(static_cast<std::size_t>(count), 'b'); }
  /// What a page holds before its last bytes.
  static std::string before(Index last) {
    return std::string(static_cast<std::size_t>(kPageSize - last), 'a');
  }

  std::mutex mutex_;
  std::condition_variable changed_;
  bool kernel_tells_ = true, is_answered_ = false;
  std::vector<Part> dropped_, unseen_;
  std::vector<Asked> asked_;
  const std::shared_ptr<PageBaseline> baseline_ = std::make_shared<PageBaseline>();
  PageInspector inspector_{[this](PageInspector::HeldWrite, const std::vector<Part>& unseen) {
    const std::lock_guard lock(mutex_);
    unseen_ = unseen;
    is_answered_ = true;
    changed_.notify_all();
  }};
};

TEST_F(PageInspectorTest, PagesThatShowAWriteTakeItOver) {
  write(kPageSize - 1, 3);
  ASSERT_EQ(asked_.size(), 1u) << "pages that follow each other are asked for at once";
  EXPECT_EQ(asked_[0].part.begin, 0);
  EXPECT_EQ(asked_[0].part.length, kPageSize + 2);
  EXPECT_FALSE(is_answered_);
  tell(before(1) + "bbb");
  ASSERT_TRUE(wait_for_answer());
  EXPECT_EQ(text_of(*baseline_, kPageSize - 2, 5), "abbba");
  EXPECT_TRUE(dropped_.empty() && unseen_.empty());
}

TEST_F(PageInspectorTest, PagesThatShowSomethingElseKeepTheirBaselineAndAreDroppedFirst) {
  write(kPageSize - 2, 2 + kPageSize);
  tell(before(2) + "ab" + bees(kPageSize));
  ASSERT_TRUE(wait_for_answer());
  EXPECT_EQ(text_of(*baseline_, kPageSize - 2, 4), "aabb");
  ASSERT_EQ(dropped_.size(), 1u);
  EXPECT_EQ(dropped_[0].begin, kPageSize - 2);
  EXPECT_EQ(dropped_[0].length, 2);
  EXPECT_TRUE(unseen_.empty());
}

TEST_F(PageInspectorTest, PagesThatTheKernelDoesNotGiveKeepTheirBaselineAndTheNextAreAskedFor) {
  write(kPageSize - 2, 2 + 2 * kPageSize + 2);
  tell(before(2) + "bb");  // the second is not there
  ASSERT_EQ(asked_.size(), 2u);
  EXPECT_EQ(asked_[1].part.begin, kPageSize);
  tell("");
  ASSERT_EQ(asked_.size(), 3u);
  EXPECT_EQ(asked_[2].part.begin, 2 * kPageSize);
  EXPECT_EQ(asked_[2].part.length, kPageSize + 2);
  EXPECT_FALSE(is_answered_);
  tell(bees(kPageSize) + "b");  // the end of the file: the last is not given in whole
  ASSERT_EQ(asked_.size(), 4u);
  tell("b");
  ASSERT_TRUE(wait_for_answer());
  EXPECT_EQ(text_of(*baseline_, kPageSize - 1, 2), "ba");
  EXPECT_EQ(text_of(*baseline_, 2 * kPageSize - 1, 2), "ab");
  EXPECT_EQ(text_of(*baseline_, 3 * kPageSize - 1, 2), "ba");
  ASSERT_EQ(unseen_.size(), 2u);
  EXPECT_EQ(unseen_[0].begin, kPageSize);
  EXPECT_EQ(unseen_[0].length, kPageSize);
  EXPECT_EQ(unseen_[1].begin, 3 * kPageSize);
  EXPECT_TRUE(dropped_.empty());
}

TEST_F(PageInspectorTest, WithoutTheKernelsHelpNothingIsTakenOver) {
  kernel_tells_ = false;
  write(kPageSize - 1, 2);
  ASSERT_TRUE(wait_for_answer());
  EXPECT_EQ(text_of(*baseline_, kPageSize - 1, 2), "aa");
  EXPECT_EQ(unseen_.size(), 2u);
}

TEST_F(PageInspectorTest, PagesOfARefusedWriteAreDroppedFirstWhateverTheyShow) {
  write(kPageSize - 2, 2 + kPageSize + 2, ReadFailure{EDOM, "refused"});
  tell(before(2) + "ab" + bees(kPageSize));  // the third is not there
  ASSERT_EQ(asked_.size(), 2u);
  tell("");
  ASSERT_TRUE(wait_for_answer());
  EXPECT_EQ(text_of(*baseline_, kPageSize - 2, 3), "aab") << "those that show it are not written for it";
  ASSERT_EQ(dropped_.size(), 2u);
  EXPECT_EQ(dropped_[1].begin, kPageSize);
  ASSERT_EQ(unseen_.size(), 1u);
  EXPECT_EQ(unseen_[0].begin, 2 * kPageSize);
}

TEST_F(PageInspectorTest, APageIsDroppedToWhichAWriteWasRefusedBehindTheEndOfTheFile) {
  write(kPageSize - 2, 2, ReadFailure{EFBIG, "refused"});
  tell(before(10));
  ASSERT_TRUE(wait_for_answer());
  ASSERT_EQ(dropped_.size(), 1u);
  EXPECT_EQ(dropped_[0].begin, kPageSize - 2);
}

TEST_F(PageInspectorTest, WhatTheKernelTellsTooLateIsIgnored) {
  write(0, 1);
  inspector_.stop();
  tell("b");
  EXPECT_FALSE(is_answered_);
  EXPECT_EQ(text_of(*baseline_, 0, 1), "a");
}

}  // namespace
}  // namespace ndcat
