#include "fs/mount/gate.h"

#include <gtest/gtest.h>

#include <atomic>
#include <latch>
#include <thread>

namespace ndcat {
namespace {

using namespace std::chrono_literals;

TEST(Gate, LetsCallsInUntilItIsClosed) {
  Gate gate;
  int calls = 0;
  EXPECT_TRUE(gate.pass([&] { ++calls; }));
  EXPECT_TRUE(gate.close(0ms));
  EXPECT_FALSE(gate.pass([&] { ++calls; }));
  EXPECT_EQ(calls, 1);
}

TEST(Gate, WaitsForThoseInsideAsLongAsItIsTold) {
  Gate gate;
  std::latch is_inside(1), may_leave(1);
  std::atomic<bool> has_left = false;
  std::thread caller([&] {
    gate.pass([&] {
      is_inside.count_down();
      may_leave.wait();
      has_left = true;
    });
  });
  is_inside.wait();
  EXPECT_FALSE(gate.close(1ms));
  may_leave.count_down();
  EXPECT_TRUE(gate.close(60s));
  EXPECT_TRUE(has_left);
  caller.join();
}

}  // namespace
}  // namespace ndcat
