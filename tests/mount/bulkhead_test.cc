#include "fs/mount/bulkhead.h"

#include <gtest/gtest.h>

#include <atomic>
#include <condition_variable>
#include <latch>
#include <mutex>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

namespace ndcat {
namespace {

// A disk that answers when it is told to.
class Disk {
 public:
  void wait() {
    std::unique_lock lock(mutex_);
    ++waiting_;
    changed_.notify_all();
    changed_.wait(lock, [this] { return is_back_; });
    --waiting_;
  }
  void wait_until_so_many_wait(int count) {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [this, count] { return waiting_ == count; });
  }
  void come_back() {
    const std::lock_guard lock(mutex_);
    is_back_ = true;
    changed_.notify_all();
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  int waiting_ = 0;
  bool is_back_ = false;
};

TEST(Bulkhead, RunsInTheCallersThreadWhileThereIsRoom) {
  Bulkhead bulkhead(1, 1);
  std::thread::id ran_in;
  bulkhead.run(7, [&] { ran_in = std::this_thread::get_id(); });
  EXPECT_EQ(ran_in, std::this_thread::get_id());
}

/// A job that uses what is its caller's, and writes down what it found and whether it had to keep it.
struct Borrowing {
  std::span<const char> text;
  std::vector<std::string>& found;
  std::string kept = {};

  void keep() {
    kept.assign(text.begin(), text.end());
    text = {};
  }
  void operator()() {
    found.push_back(kept.empty() ? "of the caller: " + std::string(text.data(), text.size()) : kept);
  }
};

TEST(Bulkhead, OnlyAJobThatIsPutAsideKeepsWhatIsItsCallers) {
  Bulkhead bulkhead(1, 100);
  Disk dead;
  std::vector<std::string> found;
  bulkhead.run(1, Borrowing{std::string_view("first"), found});
  std::thread waiting([&] { bulkhead.run(1, [&] { dead.wait(); }); });
  dead.wait_until_so_many_wait(1);
  {
    std::string text = "second";
    bulkhead.run(1, Borrowing{text, found});
    text.assign(text.size(), '-');
  }
  EXPECT_EQ(bulkhead.parked(), 1u);
  dead.come_back();
  waiting.join();
  EXPECT_EQ(found, (std::vector<std::string>{"of the caller: first", "second"}));
}

TEST(Bulkhead, AHangingLaneHoldsOnlyItsShareAndEveryJobRunsOnceItReturns) {
  Bulkhead bulkhead(3, 100);
  Disk dead;
  std::atomic<int> done = 0;
  std::vector<std::thread> threads;
  for (int i = 0; i < 3; ++i) {
    threads.emplace_back([&] {
      bulkhead.run(1, [&] {
        dead.wait();
        ++done;
      });
    });
  }
  dead.wait_until_so_many_wait(3);
  // These would hang in this thread if the lane had room.
  for (int i = 0; i < 50; ++i) bulkhead.run(1, [&] { ++done; });
  EXPECT_EQ(bulkhead.parked(), 50u);
  bool other_ran = false;
  bulkhead.run(2, [&] { other_ran = true; });
  EXPECT_TRUE(other_ran);
  EXPECT_EQ(done, 0);
  dead.come_back();
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(done, 53);
  EXPECT_EQ(bulkhead.parked(), 0u);
}

TEST(Bulkhead, JobsPutAsideRunInTheOrderInWhichTheyCame) {
  Bulkhead bulkhead(1, 100);
  Disk dead;
  std::vector<int> order;
  std::thread first([&] { bulkhead.run(1, [&] { dead.wait(); }); });
  dead.wait_until_so_many_wait(1);
  for (int i = 0; i < 10; ++i) bulkhead.run(1, [&order, i] { order.push_back(i); });
  dead.come_back();
  first.join();
  EXPECT_EQ(order, (std::vector<int>{0, 1, 2, 3, 4, 5, 6, 7, 8, 9}));
}

TEST(Bulkhead, TheTotalHoldsAcrossLanes) {
  Bulkhead bulkhead(2, 3);
  Disk dead;
  std::vector<std::thread> threads;
  for (const Bulkhead::Lane lane : {1u, 2u, 3u}) {
    threads.emplace_back([&, lane] { bulkhead.run(lane, [&] { dead.wait(); }); });
  }
  dead.wait_until_so_many_wait(3);
  std::atomic<int> done = 0;
  for (const Bulkhead::Lane lane : {4u, 4u, 4u, 1u, 5u}) bulkhead.run(lane, [&] { ++done; });
  EXPECT_EQ(done, 0);
  EXPECT_EQ(bulkhead.parked(), 5u);
  dead.come_back();
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(done, 5);
}

TEST(Bulkhead, AJobThatThrowsLeavesItsLane) {
  Bulkhead bulkhead(1, 1);
  bulkhead.run(1, [] { throw std::runtime_error("no memory"); });
  bool ran = false;
  bulkhead.run(1, [&] { ran = true; });
  EXPECT_TRUE(ran);
}

TEST(Bulkhead, AJobFromWithinAJobOfAFullLaneWaitsForItsEnd) {
  Bulkhead bulkhead(1, 1);
  std::vector<int> order;
  bulkhead.run(1, [&] {
    bulkhead.run(1, [&] { order.push_back(2); });
    order.push_back(1);
  });
  EXPECT_EQ(order, (std::vector<int>{1, 2}));
}

TEST(Bulkhead, ManyThreadsOverManyLanesLoseNothing) {
  Bulkhead bulkhead(2, 5);
  std::atomic<int> done = 0;
  std::atomic<int> inside = 0;
  std::atomic<int> most_inside = 0;
  std::latch start(8);
  std::vector<std::thread> threads;
  for (unsigned t = 0; t < 8; ++t) {
    threads.emplace_back([&, t] {
      start.arrive_and_wait();
      for (unsigned i = 0; i < 2000; ++i) {
        bulkhead.run((t + i) % 4, [&] {
          const int now = ++inside;
          int most = most_inside;
          while (now > most && !most_inside.compare_exchange_weak(most, now)) {
          }
          ++done;
          --inside;
        });
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(done, 16000);
  EXPECT_LE(most_inside, 5);
  EXPECT_EQ(bulkhead.parked(), 0u);
}

}  // namespace
}  // namespace ndcat
