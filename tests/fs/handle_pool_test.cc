#include "fs/files/handle_pool.h"

#include <gtest/gtest.h>

#include <memory>
#include <random>
#include <thread>

#include "tests/fs/temp_folder.h"

namespace ndcat {
namespace {

Handle* new_handle(Index size = 0) {
  return new Handle(Descriptor(::open("/dev/null", O_RDONLY | O_CLOEXEC)), size, Use::automatic);
}

TEST(HandlePool, KeepsToItsBudget) {
  HandlePool pool(3);
  std::vector<HandleSlot> slots(10);
  for (HandleSlot& slot : slots) {
    EXPECT_EQ(slot.get(), nullptr);
    pool.install(slot, new_handle())->let_go();
    EXPECT_LE(pool.size(), 3u);
  }
  Handle* const last = slots[9].get();
  ASSERT_NE(last, nullptr);
  last->let_go();
  EXPECT_EQ(slots[0].get(), nullptr) << "evicted";
  pool.forget(slots);
  EXPECT_EQ(pool.size(), 0u);
  EXPECT_EQ(slots[9].get(), nullptr);
}

TEST(HandlePool, GivesASecondChanceToWhatIsUsed) {
  HandlePool pool(4);
  std::vector<HandleSlot> slots(40);
  pool.install(slots[0], new_handle())->let_go();
  for (std::size_t i = 1; i < slots.size(); ++i) {
    pool.install(slots[i], new_handle())->let_go();
    Handle* const favourite = slots[0].get();
    ASSERT_NE(favourite, nullptr) << i;
    favourite->let_go();
  }
  pool.forget(slots);
}

TEST(HandlePool, ClosesNothingThatIsInUse) {
  HandlePool pool(1);
  std::vector<HandleSlot> slots(2);
  Handle* const used = pool.install(slots[0], new_handle());
  pool.install(slots[1], new_handle())->let_go();
  EXPECT_EQ(slots[0].get(), nullptr);
  EXPECT_GE(::fcntl(used->fd(), F_GETFD), 0);
  const int fd = used->fd();
  used->let_go();
  EXPECT_LT(::fcntl(fd, F_GETFD), 0);
  pool.evict_all();
  EXPECT_EQ(pool.size(), 0u);
}

TEST(HandlePool, TheQuickerOfTwoWins) {
  HandlePool pool(5);
  std::vector<HandleSlot> slots(1);
  Handle* const first = pool.install(slots[0], new_handle());
  Handle* const second = pool.install(slots[0], new_handle());
  EXPECT_EQ(first, second);
  first->let_go();
  second->let_go();
  EXPECT_EQ(pool.size(), 1u);
  pool.forget(slots);
}

TEST(Handle, MapsOnlyWhatIsWorthIt) {
  testing::TempFolder temp;
  const std::string path = temp.write("x", std::string(std::size_t{1} << 20, 'x'));
  const auto open = [&] { return Descriptor(::open(path.c_str(), O_RDONLY | O_CLOEXEC)); };
  Handle* const large = new Handle(open(), 1 << 20, Use::automatic);
  ASSERT_NE(large->map(), nullptr);
  EXPECT_EQ(large->map()[(1 << 20) - 1], std::byte{'x'});
  EXPECT_TRUE(large->map_holds(large->map() + 5));
  EXPECT_FALSE(large->map_holds(large->map() + (1 << 20)));
  Handle* const small = new Handle(open(), (1 << 20) - 1, Use::automatic);
  EXPECT_EQ(small->map(), nullptr);
  Handle* const impossible = new_handle(1 << 20);
  EXPECT_EQ(impossible->map(), nullptr) << "what cannot be mapped is read";
  for (Handle* const handle : {large, small, impossible}) handle->let_go();
}

TEST(Handle, MapsWhatIsSmallerOnceItIsReadAgainAndAgain) {
  testing::TempFolder temp;
  const std::string path = temp.write("x", std::string(std::size_t{1} << 20, 'x'));
  const auto open = [&] { return Descriptor(::open(path.c_str(), O_RDONLY | O_CLOEXEC)); };
  Handle* const small = new Handle(open(), 16 << 10, Use::automatic);
  Handle* const tiny = new Handle(open(), (16 << 10) - 1, Use::automatic);
  Handle* const forbidden = new Handle(open(), 16 << 10, Use::never);
  for (Handle* const handle : {small, tiny, forbidden}) {
    for (int i = 0; i < 4; ++i) handle->was_asked_for();
    EXPECT_EQ(handle->map(), nullptr) << "once or twice through it, a pread costs less";
    for (int i = 0; i < 4; ++i) handle->was_asked_for();
  }
  ASSERT_NE(small->map(), nullptr);
  EXPECT_EQ(small->map()[(16 << 10) - 1], std::byte{'x'});
  EXPECT_FALSE(small->map_holds(small->map() + (16 << 10)));
  EXPECT_EQ(tiny->map(), nullptr);
  EXPECT_EQ(forbidden->map(), nullptr);
  for (Handle* const handle : {small, tiny, forbidden}) handle->let_go();
}

TEST(Handle, MapsAsItIsTold) {
  testing::TempFolder temp;
  const std::string path = temp.write("x", std::string(std::size_t{1} << 20, 'x'));
  const auto open = [&] { return Descriptor(::open(path.c_str(), O_RDONLY | O_CLOEXEC)); };
  Handle* const forbidden = new Handle(open(), 1 << 20, Use::never);
  EXPECT_EQ(forbidden->map(), nullptr);
  Handle* const forced = new Handle(open(), 1, Use::always);
  ASSERT_NE(forced->map(), nullptr);
  EXPECT_EQ(*forced->map(), std::byte{'x'});
  Handle* const empty = new Handle(open(), 0, Use::always);
  EXPECT_EQ(empty->map(), nullptr);
  for (Handle* const handle : {forbidden, forced, empty}) handle->let_go();
}

TEST(HandlePool, IsSafeAmongThreads) {
  HandlePool pool(5);
  std::vector<HandleSlot> slots(20);
  std::vector<std::jthread> threads;
  for (unsigned seed = 0; seed < 4; ++seed) {
    threads.emplace_back([&, seed] {
      std::mt19937 random(seed);
      for (int i = 0; i < 2000; ++i) {
        HandleSlot& slot = slots[random() % slots.size()];
        Handle* handle = slot.get();
        if (handle == nullptr) handle = pool.install(slot, new_handle());
        EXPECT_GE(handle->fd(), 0);
        handle->let_go();
        if (random() % 500 == 0) pool.evict_all();
      }
    });
  }
  threads.clear();
  EXPECT_LE(pool.size(), 5u);
  pool.forget(slots);
}

}  // namespace
}  // namespace ndcat
