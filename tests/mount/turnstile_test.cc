#include "fs/mount/turnstile.h"

#include <gtest/gtest.h>

#include <atomic>
#include <future>
#include <memory>
#include <thread>
#include <vector>

namespace ndcat {
namespace {

using namespace std::chrono_literals;

TEST(Turnstile, NoMoreThanItsWidthWorkAtOnce) {
  Turnstile turnstile(3, 1h);
  std::atomic<int> inside = 0, most = 0;
  std::vector<std::jthread> threads;
  for (int i = 0; i < 8; ++i) {
    threads.emplace_back([&] {
      for (int k = 0; k < 500; ++k) {
        const Turnstile::Pass pass(turnstile);
        const int now = ++inside;
        int seen = most;
        while (seen < now && !most.compare_exchange_weak(seen, now)) {
        }
        std::this_thread::yield();
        --inside;
      }
    });
  }
  threads.clear();
  EXPECT_LE(most, 3);
  EXPECT_GE(most, 1);
}

TEST(Turnstile, WhoeverHangsIsNotCountedAndLeavesWithoutTrace) {
  Turnstile turnstile(2, 1ms);
  std::promise<void> disk_is_back;
  const std::shared_future<void> back = disk_is_back.get_future().share();
  std::atomic<int> hanging = 0;
  std::vector<std::jthread> threads;
  for (int i = 0; i < 10; ++i) {
    threads.emplace_back([&] {
      const Turnstile::Pass pass(turnstile);
      ++hanging;
      back.wait();
    });
  }
  while (hanging < 10) std::this_thread::yield();  // all get in, although two would be the most
  { const Turnstile::Pass pass(turnstile); }
  disk_is_back.set_value();
}

TEST(Turnstile, APlaceThatIsLeftGoesToOneWhoWaits) {
  Turnstile turnstile(1, 1h);
  auto pass = std::make_unique<Turnstile::Pass>(turnstile);
  std::jthread waits([&] { const Turnstile::Pass mine(turnstile); });
  pass.reset();
}

}  // namespace
}  // namespace ndcat
