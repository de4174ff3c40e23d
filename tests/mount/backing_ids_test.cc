#include "fs/mount/backing_ids.h"

#include <gtest/gtest.h>

#include <atomic>
#include <thread>
#include <vector>

namespace ndcat {
namespace {

constexpr InodeNumber kFile = 100, kOther = 200;
constexpr std::uint64_t kDevice = 7;

constexpr auto never = [] {
  ADD_FAILURE() << "the kernel is told once more";
  return 99;
};

TEST(BackingIds, TheFirstOpenDecidesForThoseThatOverlapIt) {
  BackingIds ids;
  EXPECT_EQ(ids.open(kFile, kDevice, [] { return 5; }), 5);
  EXPECT_EQ(ids.open(kFile, kDevice, never), 5);
  EXPECT_EQ(ids.open(kFile, {}, never), 5);
  EXPECT_EQ(ids.open(kOther, {}, never), 0);
  EXPECT_EQ(ids.open(kOther, kDevice, never), 0);
}

TEST(BackingIds, TheLastReleaseMakesAnIdUnused) {
  BackingIds ids;
  ids.open(kFile, kDevice, [] { return 5; });
  ids.open(kFile, kDevice, never);
  ids.release(kFile);
  EXPECT_TRUE(ids.take_unused().empty());
  ids.release(kFile);
  EXPECT_EQ(ids.open(kFile, kDevice, [] { return 6; }), 6);
  EXPECT_EQ(ids.take_unused(), std::vector{5});
  EXPECT_TRUE(ids.take_unused().empty());
}

TEST(BackingIds, WhatIsReadThroughUsLeavesNoIdBehind) {
  BackingIds ids;
  ids.open(kFile, {}, never);
  ids.release(kFile);
  ids.release(kFile);  // of a number that is not open: nothing
  EXPECT_TRUE(ids.take_unused().empty());
}

TEST(BackingIds, ADeviceThatTheKernelRefusesIsNotTriedAgain) {
  BackingIds ids;
  EXPECT_EQ(ids.open(kFile, kDevice, [] { return 0; }), 0);
  EXPECT_EQ(ids.open(kOther, kDevice, never), 0);
  ids.release(kFile);
  EXPECT_EQ(ids.open(kFile, kDevice, never), 0);
  EXPECT_EQ(ids.open(kOther + 1, kDevice + 1, [] { return 8; }), 8);
}

TEST(BackingIds, ManyThreadsCloseEachIdOnceAndOnlyUnused) {
  BackingIds ids;
  std::atomic<int> last = 0, open_ids = 0;
  std::vector<std::thread> threads;
  for (unsigned t = 0; t < 4; ++t) {
    threads.emplace_back([&, t] {
      for (unsigned i = 0; i < 2000; ++i) {
        const InodeNumber number = 1 + (t + i) % 3;
        const int id = ids.open(number, kDevice, [&] {
          ++open_ids;
          return ++last;
        });
        EXPECT_GT(id, 0);
        ids.release(number);
        open_ids -= static_cast<int>(ids.take_unused().size());
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(open_ids, 0);
}

}  // namespace
}  // namespace ndcat
