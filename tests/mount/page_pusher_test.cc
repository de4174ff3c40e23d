// The thread that has pages pushed, with somebody of our own to ask the kernel: what is asked for, what is
// held back, and that everything is answered.

#include "fs/mount/page_pusher.h"

#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <memory>
#include <thread>
#include <utility>
#include <vector>

#include "tests/support/fake_snapshot.h"

namespace ndcat {
namespace {

using namespace std::chrono_literals;

constexpr Index kStep = 16 * kPage;
constexpr Index kSize = 100 * kStep + 100;
constexpr Push kTenRows = {{.low = 0, .high = kPage - 1, .step = kStep}, 1, 11};

NodeReference new_file(FakeFile file = {.size = kSize}) {
  Node node{
      .number = 42, .snapshot = std::make_shared<FakeSnapshot>(std::move(file)), .kind = VirtualKind::raw};
  return std::make_shared<const Node>(std::move(node));
}

// Asks nobody; it may be made to wait.
class Asking {
 public:
  PagePusher::Ask ask() {
    return [this](const Push& push, Index file_size) {
      EXPECT_EQ(file_size, kSize);
      std::unique_lock lock(mutex_);
      rows_.emplace_back(push.begin, push.end);
      changed_.notify_all();
      EXPECT_TRUE(changed_.wait_for(lock, 60s, [this] { return !is_closed_; }));
      return goes_on_.load();
    };
  }
  void close(bool closed) {
    const std::lock_guard lock(mutex_);
    is_closed_ = closed;
    changed_.notify_all();
  }
  void give_up() { goes_on_ = false; }
  bool wait_for_push() {
    std::unique_lock lock(mutex_);
    return changed_.wait_for(lock, 20s, [&] { return !rows_.empty(); });
  }
  std::vector<std::pair<Index, Index>> rows() {
    const std::lock_guard lock(mutex_);
    return rows_;
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  bool is_closed_ = false;
  std::atomic<bool> goes_on_ = true;
  std::vector<std::pair<Index, Index>> rows_;
};

class PagePusherTest : public testing::Test {
 protected:
  // It has been answered when its file is gone.
  std::weak_ptr<const Node> read(const Push& push = kTenRows, NodeReference file = new_file()) {
    std::weak_ptr<const Node> unanswered = file;
    ReadBuffers::Lease buffer = buffers_.borrow(kPage);
    BytesRead answer{buffer.bytes().first(kPage), nullptr};
    pusher_.push_then_answer({Request(nullptr), std::move(buffer), std::move(answer), std::move(file)}, push);
    return unanswered;
  }
  static bool is_answered(const std::weak_ptr<const Node>& read) {
    for (int i = 0; i < 20'000 && !read.expired(); ++i) std::this_thread::sleep_for(1ms);
    return read.expired();
  }

  using Rows = std::vector<std::pair<Index, Index>>;
  ReadBuffers buffers_{std::size_t{16} << 20};
  Asking asking_;
  PagePusher pusher_;
};

TEST_F(PagePusherTest, BeforeItIsStartedEveryReadIsAnsweredAtOnce) { EXPECT_TRUE(read().expired()); }

TEST_F(PagePusherTest, TheAnswerComesAfterThePush) {
  pusher_.start(asking_.ask());
  asking_.close(true);
  const auto waiting = read();
  ASSERT_TRUE(asking_.wait_for_push());
  EXPECT_FALSE(waiting.expired());
  asking_.close(false);
  EXPECT_TRUE(is_answered(waiting));
  EXPECT_EQ(asking_.rows(), (Rows{{1, 11}}));
}

TEST_F(PagePusherTest, FewReadsAreHeldBackAndTheOthersAnsweredAtOnce) {
  pusher_.start(asking_.ask());
  asking_.close(true);
  int held = 0;
  for (int i = 0; i < 100; ++i) held += read().expired() ? 0 : 1;
  EXPECT_GE(held, 1);
  EXPECT_LE(held, 4);
  asking_.close(false);
}

TEST_F(PagePusherTest, AfterItHasGivenUpReadsAreAnsweredAtOnce) {
  pusher_.start(asking_.ask());
  asking_.give_up();
  EXPECT_TRUE(is_answered(read()));
  EXPECT_TRUE(read().expired());
  EXPECT_EQ(asking_.rows().size(), 1u);
}

TEST_F(PagePusherTest, OnlyRowsBeforeTheFirstThatIsNotInMemoryArePushed) {
  pusher_.start(asking_.ask());
  EXPECT_TRUE(is_answered(read(kTenRows, new_file({.size = kSize, .resident = 5 * kStep}))));
  EXPECT_EQ(asking_.rows(), (Rows{{1, 5}}));
  EXPECT_TRUE(is_answered(read(kTenRows, new_file({.size = kSize, .resident = 0}))));
  EXPECT_EQ(asking_.rows().size(), 1u);
}

TEST_F(PagePusherTest, TheTargetIsThereOnceAndWhileThePushLasts) {
  pusher_.start(asking_.ask());
  EXPECT_EQ(pusher_.take_target(), nullptr);
  asking_.close(true);
  const auto waiting = read();
  ASSERT_TRUE(asking_.wait_for_push());
  EXPECT_EQ(pusher_.take_target(), waiting.lock());
  EXPECT_EQ(pusher_.take_target(), nullptr);
  asking_.close(false);
  EXPECT_TRUE(is_answered(waiting));
  EXPECT_TRUE(is_answered(read()));
  EXPECT_EQ(pusher_.take_target(), nullptr);
}

TEST_F(PagePusherTest, StopAnswersWhatIsHeldBackAndPushesNothingMore) {
  pusher_.start(asking_.ask());
  asking_.close(true);
  const auto first = read(), second = read();
  ASSERT_TRUE(asking_.wait_for_push());
  std::thread stop([this] { pusher_.stop(); });
  while (!read().expired()) std::this_thread::sleep_for(1ms);  // it has begun to stop, or four are held
  asking_.close(false);
  stop.join();
  EXPECT_TRUE(first.expired());
  EXPECT_TRUE(second.expired());
  EXPECT_TRUE(read().expired());
}

TEST_F(PagePusherTest, ManyThreadsAtOnce) {
  pusher_.start(asking_.ask());
  std::vector<std::thread> threads;
  std::vector<std::weak_ptr<const Node>> reads(800);
  for (int t = 0; t < 8; ++t) {
    threads.emplace_back([&, t] {
      for (int i = 0; i < 100; ++i) {
        reads[static_cast<std::size_t>(t * 100 + i)] = read();
        static_cast<void>(pusher_.take_target());
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  pusher_.stop();
  for (const auto& read : reads) EXPECT_TRUE(read.expired());
}

}  // namespace
}  // namespace ndcat
