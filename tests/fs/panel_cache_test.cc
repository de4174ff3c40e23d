#include "fs/files/panel_cache.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <barrier>
#include <chrono>
#include <stdexcept>
#include <thread>
#include <vector>

#include "fs/files/clocks.h"

namespace ndcat {
namespace {

using Claim = PanelCache::Claim;
using Held = PanelCache::Held;

constexpr Index kSize = 10'000;  // takes three pages
constexpr std::size_t kFootprint = 12'288;

constexpr auto always_good = [](const Panel&) { return true; };

bool fill(Panel& panel, std::byte value) {
  std::fill(panel.bytes.begin(), panel.bytes.end(), value);
  return true;
}

Held get(PanelCache& cache, Index begin, Claim claim = Claim::what_is_left_alone) {
  return cache.get({1, begin}, kSize, claim, always_good,
                   [&](Panel& panel) { return fill(panel, static_cast<std::byte>(begin)); });
}

Held find(PanelCache& cache, Index begin) { return cache.find({1, begin}, always_good); }

void read_to_the_end(const Held& held) { held->bytes_read += kSize; }

TEST(PanelCache, BuildsAPanelOnce) {
  PanelCache cache(10 * kFootprint);
  EXPECT_EQ(find(cache, 7), nullptr);
  const Held first = get(cache, 7);
  ASSERT_NE(first, nullptr);
  EXPECT_EQ(first->bytes.size(), static_cast<std::size_t>(kSize));
  EXPECT_EQ(first->bytes.back(), std::byte{7});
  EXPECT_EQ(get(cache, 7), first);
  EXPECT_EQ(find(cache, 7), first);
  EXPECT_EQ(cache.find({2, 7}, always_good), nullptr) << "of another snapshot";
}

TEST(PanelCache, BuildsAnewWhatIsNoGood) {
  PanelCache cache(10 * kFootprint);
  const Held first = get(cache, 7);
  const auto not_the_first = [&](const Panel& panel) { return &panel != first.get(); };
  EXPECT_EQ(cache.find({1, 7}, not_the_first), nullptr);
  const Held second = cache.get({1, 7}, kSize, Claim::what_is_left_alone, not_the_first,
                                [](Panel& panel) { return fill(panel, std::byte{9}); });
  ASSERT_NE(second, nullptr);
  EXPECT_EQ(second->bytes[0], std::byte{9});
  EXPECT_EQ(first->bytes[0], std::byte{7}) << "whoever holds it may go on";
  EXPECT_EQ(find(cache, 7), second);
}

TEST(PanelCache, KeepsNothingOfAFailedBuild) {
  PanelCache cache(10 * kFootprint);
  EXPECT_EQ(cache.get({1, 7}, kSize, Claim::anything, always_good, [](Panel&) { return false; }), nullptr);
  EXPECT_EQ(find(cache, 7), nullptr);
  EXPECT_THROW(cache.get({1, 7}, kSize, Claim::anything, always_good,
                         [](Panel&) -> bool { throw std::runtime_error("no memory"); }),
               std::runtime_error);
  EXPECT_EQ(find(cache, 7), nullptr);
  cache.trim(monotonic_clock() + 1);
  EXPECT_EQ(cache.held(), 0U);
  EXPECT_NE(get(cache, 7), nullptr);
}

TEST(PanelCache, LeavesAloneWhatIsBeingRead) {
  PanelCache cache(2 * kFootprint);
  const Held first = get(cache, 1);
  get(cache, 2);
  EXPECT_EQ(get(cache, 3), nullptr) << "both were used just now";
  EXPECT_NE(find(cache, 2), nullptr);
  EXPECT_LE(cache.held(), 2 * kFootprint);

  read_to_the_end(find(cache, 2));
  EXPECT_NE(get(cache, 3), nullptr);
  EXPECT_EQ(find(cache, 2), nullptr);

  read_to_the_end(first);
  read_to_the_end(find(cache, 3));
  first->used = 0;
  EXPECT_NE(get(cache, 4), nullptr);
  EXPECT_EQ(find(cache, 3), nullptr) << "the first would have been older, but somebody holds it";
}

TEST(PanelCache, DropsWhatWasLeftAlone) {
  PanelCache cache(2 * kFootprint);
  get(cache, 1)->used = monotonic_clock() - 10'000'000'000;
  get(cache, 2)->used = monotonic_clock() - 20'000'000'000;
  EXPECT_NE(get(cache, 3), nullptr);
  EXPECT_EQ(find(cache, 2), nullptr);
  EXPECT_NE(find(cache, 1), nullptr);
  EXPECT_NE(get(cache, 4), nullptr);
  EXPECT_NE(get(cache, 5, Claim::anything), nullptr);
}

TEST(PanelCache, PreparesOnlyWhereThereIsRoom) {
  PanelCache cache(2 * kFootprint);
  int builds = 0;
  const auto prepare = [&](Index begin) {
    cache.prepare({1, begin}, kSize, [&](Panel& panel) {
      ++builds;
      return fill(panel, static_cast<std::byte>(begin));
    });
  };
  prepare(1);
  prepare(1);
  EXPECT_EQ(builds, 1);
  get(cache, 2)->used = 0;
  prepare(3);
  EXPECT_EQ(builds, 1) << "a panel that was left alone is better than one that may never be wanted";
  read_to_the_end(find(cache, 2));
  prepare(3);
  EXPECT_EQ(find(cache, 3)->bytes[0], std::byte{3});
  EXPECT_EQ(find(cache, 1)->bytes[0], std::byte{1});
}

TEST(PanelCache, ForgetsASnapshot) {
  PanelCache cache(10 * kFootprint);
  get(cache, 1);
  const Held other = cache.get({2, 1}, kSize, Claim::anything, always_good, [](Panel&) { return true; });
  cache.forget(1);
  EXPECT_EQ(find(cache, 1), nullptr);
  EXPECT_EQ(cache.find({2, 1}, always_good), other);
}

TEST(PanelCache, GivesBackWhatWasNotUsedOfLate) {
  PanelCache cache(10 * kFootprint);
  get(cache, 1);
  get(cache, 2)->used = monotonic_clock() + 1'000'000'000;
  cache.trim(monotonic_clock() + 1);
  EXPECT_EQ(find(cache, 1), nullptr);
  cache.trim(monotonic_clock() + 1);
  EXPECT_EQ(cache.held(), kFootprint);
  EXPECT_NE(find(cache, 2), nullptr);
}

TEST(PanelCache, OfNoMemoryHoldsNothing) {
  PanelCache cache(0);
  EXPECT_EQ(cache.longest_panel(), 0);
  EXPECT_EQ(get(cache, 1, Claim::anything), nullptr);
}

TEST(PanelCache, OneThreadBuildsForAll) {
  PanelCache cache(10 * kFootprint);
  std::atomic<int> builds{0}, good{0};
  std::barrier start(4);
  std::vector<std::jthread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&] {
      for (Index begin = 1; begin <= 5; ++begin) {
        start.arrive_and_wait();
        const Held held = cache.get({1, begin}, kSize, Claim::anything, always_good, [&](Panel& panel) {
          ++builds;
          std::this_thread::sleep_for(std::chrono::milliseconds(2));
          return fill(panel, static_cast<std::byte>(begin));
        });
        if (held != nullptr && held->bytes.back() == static_cast<std::byte>(begin)) ++good;
      }
    });
  }
  threads.clear();
  EXPECT_EQ(builds, 5);
  EXPECT_EQ(good, 20);
}

/// How many builds there are when four threads want the same panel and the first one's build fails.
int builds_of_four(PanelCache& cache) {
  std::atomic<int> builds{0}, asking{0};
  std::atomic<bool> is_building{false}, may_fail{false};
  std::jthread builder([&] {
    const auto fail = [&](Panel&) {
      ++builds;
      is_building = true;
      is_building.notify_all();
      may_fail.wait(false);
      return false;
    };
    EXPECT_EQ(cache.get({1, 1}, kSize, Claim::anything, always_good, fail), nullptr);
  });
  is_building.wait(false);
  std::vector<std::jthread> others;
  for (int i = 0; i < 3; ++i) {
    others.emplace_back([&] {
      ++asking;
      cache.get({1, 1}, kSize, Claim::anything, always_good, [&](Panel&) {
        ++builds;
        return false;
      });
    });
  }
  while (asking < 3) std::this_thread::yield();
  std::this_thread::sleep_for(std::chrono::milliseconds(5));
  may_fail = true;
  may_fail.notify_all();
  others.clear();
  builder.join();
  return builds;
}

TEST(PanelCache, WhoWaitsForABuildThatFailsDoesWithout) {
  PanelCache cache(10 * kFootprint);
  // A thread may come so late that there is nothing to wait for, but not each time.
  int tries = 1;
  while (builds_of_four(cache) > 1 && tries < 100) ++tries;
  EXPECT_LT(tries, 100);
}

/// Readers that take, use and drop panels in every order, for the sanitizers.
TEST(PanelCache, IsSafeAmongThreads) {
  PanelCache cache(4 * kFootprint);
  std::vector<std::jthread> threads;
  for (unsigned seed = 1; seed <= 4; ++seed) {
    threads.emplace_back([&, seed] {
      for (unsigned i = 0; i < 400; ++i) {
        const Index begin = static_cast<Index>(i * seed % 7);
        const Claim claim = i % 3 == 0 ? Claim::anything : Claim::what_is_left_alone;
        if (const Held held = get(cache, begin, claim)) {
          EXPECT_EQ(held->bytes[i % kSize], static_cast<std::byte>(begin));
          held->bytes_read += kSize / 3;
          held->used = monotonic_clock();
        }
        if (i % 40 == 0) cache.trim(monotonic_clock());
        if (i % 60 == 0) cache.prepare({2, begin}, kSize, [](Panel& panel) { return fill(panel, {}); });
        if (i % 90 == 0) cache.find({1, begin}, always_good);
      }
    });
  }
  threads.clear();
  EXPECT_LE(cache.held(), 4 * kFootprint);
}

}  // namespace
}  // namespace ndcat
