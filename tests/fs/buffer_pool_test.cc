#include "fs/files/buffer_pool.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <limits>
#include <thread>

#include "fs/files/clocks.h"

namespace ndcat {
namespace {

using Buffer = BufferPool::Buffer;

constexpr std::size_t kMebi = std::size_t{1} << 20;

TEST(BufferPool, GivesTheOneThatCameBackLast) {
  BufferPool pool(100 * kMebi);
  Buffer a = pool.borrow(kMebi), b = pool.borrow(kMebi);
  const std::byte *const first = a.bytes().data(), *const second = b.bytes().data();
  EXPECT_NE(first, second);
  b = Buffer();
  a = Buffer();
  a = pool.borrow(kMebi);
  b = pool.borrow(kMebi);
  EXPECT_EQ(a.bytes().data(), first);
  EXPECT_EQ(b.bytes().data(), second);
}

TEST(BufferPool, AlignsLargeBuffersToHugePages) {
  BufferPool pool(100 * kMebi);
  const Buffer buffer = pool.borrow(3 * kMebi);
  EXPECT_EQ(reinterpret_cast<std::uintptr_t>(buffer.bytes().data()) % (2 * kMebi), 0u);
  ASSERT_EQ(buffer.bytes().size(), 4 * kMebi);
  std::fill(buffer.bytes().begin(), buffer.bytes().end(), std::byte{1});
}

TEST(BufferPool, KeepsToItsLimit) {
  BufferPool pool(10 * kMebi);
  Buffer a = pool.borrow(4 * kMebi), b = pool.borrow(4 * kMebi);
  EXPECT_TRUE(pool.borrow(4 * kMebi).empty());
  EXPECT_EQ(pool.held(), 8 * kMebi);
  EXPECT_FALSE(pool.borrow(2 * kMebi).empty());
  EXPECT_EQ(pool.held(), 10 * kMebi);
  b = Buffer();
  // Spare ones of other sizes go to the system to make room.
  Buffer c = pool.borrow(6 * kMebi);
  ASSERT_FALSE(c.empty());
  EXPECT_EQ(pool.held(), 10 * kMebi);
}

TEST(BufferPool, LosesNoSpareWhereThatWouldNotHelp) {
  BufferPool pool(10 * kMebi);
  const Buffer lent = pool.borrow(6 * kMebi);
  { const Buffer spare = pool.borrow(4 * kMebi); }
  EXPECT_TRUE(pool.borrow(6 * kMebi).empty());
  EXPECT_EQ(pool.held(), 10 * kMebi);
}

TEST(BufferPool, OfNoLimitLendsNothing) {
  BufferPool pool(0);
  EXPECT_TRUE(pool.borrow(1).empty());
  EXPECT_EQ(BufferPool::apart(1).bytes().size(), 4096U);
}

TEST(BufferPool, SaysWhenThereIsNoMemory) {
  constexpr std::size_t kTooMuch = std::size_t{1} << 60;
  BufferPool pool(std::numeric_limits<std::size_t>::max());
  EXPECT_TRUE(pool.borrow(kTooMuch).empty());
  EXPECT_EQ(pool.held(), 0U);
  EXPECT_TRUE(BufferPool::apart(kTooMuch).empty());
}

TEST(BufferPool, GivesBackWhatWasNotUsedOfLate) {
  BufferPool pool(100 * kMebi);
  const Buffer lent = pool.borrow(5000);
  { const Buffer spare = pool.borrow(kMebi); }
  const Nanoseconds later = monotonic_clock() + 1;
  pool.trim(later - 1'000'000'000);
  EXPECT_EQ(pool.held(), 2 * kMebi + 8192);
  pool.trim(later);
  EXPECT_EQ(pool.held(), 8192U);
}

TEST(BufferPool, IsSafeAmongThreads) {
  BufferPool pool(40 * 4096);
  std::vector<std::jthread> threads;
  for (unsigned seed = 1; seed <= 4; ++seed) {
    threads.emplace_back([&pool, seed] {
      for (unsigned i = 0; i < 500; ++i) {
        const Buffer buffer = pool.borrow((i * seed % 13 + 1) * 4096);
        if (buffer.empty()) continue;
        const auto mark = static_cast<std::byte>(seed);
        std::fill(buffer.bytes().begin(), buffer.bytes().end(), mark);
        EXPECT_EQ(std::count(buffer.bytes().begin(), buffer.bytes().end(), mark),
                  static_cast<std::ptrdiff_t>(buffer.bytes().size()));
        EXPECT_LE(pool.held(), 40U * 4096);
        if (i % 50 == 0) pool.trim(monotonic_clock());
      }
    });
  }
}

}  // namespace
}  // namespace ndcat
