#include "fs/files/fault_guard.h"

#include <gtest/gtest.h>
#include <sys/mman.h>

#include <csignal>
#include <thread>
#include <vector>

#include "tests/fs/temp_folder.h"

namespace ndcat {
namespace {

/// A map of two pages, the second one beyond the file's end.
struct TornMap {
  TornMap() {
    const int fd = ::open(temp.write("x", std::string(10, 'x')).c_str(), O_RDONLY | O_CLOEXEC);
    bytes = static_cast<const volatile char*>(::mmap(nullptr, 8192, PROT_READ, MAP_SHARED, fd, 0));
    ::close(fd);
  }
  ~TornMap() { ::munmap(const_cast<char*>(bytes), 8192); }
  testing::TempFolder temp;
  const volatile char* bytes;
};

void touch(void* address) { static_cast<void>(*static_cast<const volatile char*>(address)); }
void* at(const volatile char* address) { return const_cast<char*>(address); }

TEST(FaultGuard, LetsGoodAccessesPass) {
  const TornMap map;
  EXPECT_EQ(run_guarded(touch, at(map.bytes)), nullptr);
}

TEST(FaultGuard, CatchesAFaultAgainAndAgain) {
  const TornMap map;
  for (int i = 0; i < 3; ++i) EXPECT_EQ(run_guarded(touch, at(map.bytes + 5000)), at(map.bytes + 5000));
}

TEST(FaultGuard, MayBeNested) {
  const TornMap map;
  const auto outer = [](void* context) {
    const volatile char* const bytes = static_cast<const volatile char*>(context);
    EXPECT_NE(run_guarded(touch, at(bytes + 5000)), nullptr);
    touch(at(bytes + 6000));
    FAIL() << "not reached";
  };
  EXPECT_EQ(run_guarded(outer, at(map.bytes)), at(map.bytes + 6000));
}

TEST(FaultGuard, IsPerThread) {
  const TornMap map;
  std::vector<std::jthread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&map, i] {
      for (int round = 0; round < 500; ++round) {
        const volatile char* const address = map.bytes + 4096 + i;
        EXPECT_EQ(run_guarded(touch, at(address)), at(address));
      }
    });
  }
}

TEST(FaultGuardDeathTest, LeavesOtherFaultsAlone) {
  const TornMap map;
  EXPECT_EQ(run_guarded(touch, at(map.bytes)), nullptr);
  // A sanitizer's own handler ends the process its own way.
  EXPECT_DEATH(touch(at(map.bytes + 5000)), "");
}

}  // namespace
}  // namespace ndcat
