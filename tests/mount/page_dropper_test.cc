// The PageDropper over an ordinary folder in the mount's place, with the outrider of the real program, or
// without one: by whom pages are given up, and what is waited for.

#include "fs/mount/page_dropper.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/stat.h>

#include <cstdlib>
#include <string>
#include <thread>
#include <vector>

#include "tests/fs/cold_files.h"
#include "tests/fs/temp_folder.h"

namespace ndcat {
namespace {

using namespace std::chrono_literals;

constexpr Index kSize = 10 * kPage;
constexpr GiveUp kAll = {0, kSize};

std::string program() {
  const char* const path = std::getenv("NDCAT_BINARY");
  return path == nullptr ? "NDCAT_BINARY is not set" : path;
}

NodeReference new_file() { return std::make_shared<const Node>(Node{.number = 42}); }

class PageDropperTest : public ::testing::Test {
 protected:
  [[nodiscard]] std::uint64_t device() const {
    struct stat status = {};
    EXPECT_EQ(::stat(file_.c_str(), &status), 0);
    return status.st_dev;
  }
  [[nodiscard]] pid_t process() const {
    for (pid_t number = 1; number < 1 << 22; ++number) {
      if (dropper_.is(number)) return number;
    }
    return 0;
  }
  [[nodiscard]] Index cached() const { return testing::resident_bytes(file_); }

  const testing::TempFolder folder_{testing::folder_on_disk()};
  const std::string file_ = folder_.write(kFileToGiveUp, std::string(kSize, 'x'));
  std::vector<InodeNumber> notified_;
  const PageDropper::Notify notify_ = [this](InodeNumber number, Index offset, Index length) {
    notified_.push_back(number);
    EXPECT_EQ(offset, kAll.offset);
    EXPECT_EQ(length, kAll.length);
  };
  PageDropper dropper_{folder_.path(), device(), notify_, program()};
};

bool never() { return false; }
bool always() { return true; }

TEST_F(PageDropperTest, AnOutriderDoesIt) {
  ASSERT_GT(cached(), 0);
  EXPECT_EQ(dropper_.drop(new_file(), kAll, never), 0);
  EXPECT_EQ(cached(), 0);
  EXPECT_TRUE(notified_.empty());
  EXPECT_EQ(dropper_.take_target(), nullptr) << "nothing is looked up between errands";
}

TEST_F(PageDropperTest, WhereThereIsNoneItIsDoneHere) {
  PageDropper none(folder_.path(), device(), notify_, folder_ / "no program");
  for (std::size_t i = 1; i <= 3; ++i) {
    EXPECT_EQ(none.drop(new_file(), kAll, never), 0);
    EXPECT_EQ(notified_.size(), i);
  }
  EXPECT_GT(cached(), 0);
}

TEST_F(PageDropperTest, WhereTheFileCannotBeOpenedItIsDoneHere) {
  PageDropper elsewhere(folder_.path(), device() + 1, notify_, program());
  EXPECT_EQ(elsewhere.drop(new_file(), kAll, never), 0);
  EXPECT_EQ(notified_, std::vector<InodeNumber>{42});
}

TEST_F(PageDropperTest, AfterOneWhoWasKilledComesAnother) {
  EXPECT_EQ(dropper_.drop(new_file(), kAll, never), 0);
  const pid_t killed = process();
  ASSERT_EQ(::kill(killed, SIGKILL), 0);
  EXPECT_EQ(dropper_.drop(new_file(), kAll, never), 0);
  EXPECT_EQ(notified_.size(), 1u);
  std::this_thread::sleep_for(1100ms);
  EXPECT_EQ(dropper_.drop(new_file(), kAll, never), 0);
  EXPECT_EQ(notified_.size(), 1u);
  EXPECT_NE(process(), killed);
}

TEST_F(PageDropperTest, WhoIsLateIsWaitedForUnlessItIsUrgent) {
  EXPECT_EQ(dropper_.drop(new_file(), kAll, never), 0);
  const pid_t outrider = process();
  ASSERT_EQ(::kill(outrider, SIGSTOP), 0);
  for (std::size_t i = 1; i <= 3; ++i) {
    EXPECT_EQ(dropper_.drop(new_file(), kAll, always), 0);
    EXPECT_EQ(notified_.size(), i);
  }
  int looks = 0;
  const auto goes_on = [&looks, outrider] {
    if (++looks == 3) ::kill(outrider, SIGCONT);
    return false;
  };
  EXPECT_EQ(dropper_.drop(new_file(), kAll, goes_on), 0);
  EXPECT_GE(looks, 3);
  EXPECT_EQ(notified_.size(), 3u);
}

TEST_F(PageDropperTest, NobodyIsWaitedForAfterTheEnd) {
  EXPECT_EQ(dropper_.drop(new_file(), kAll, never), 0);
  const pid_t outrider = process();
  ASSERT_EQ(::kill(outrider, SIGSTOP), 0);
  std::thread dropping([this] { EXPECT_EQ(dropper_.drop(new_file(), kAll, never), 0); });
  std::this_thread::sleep_for(50ms);
  dropper_.stop();
  dropping.join();
  EXPECT_TRUE(notified_.empty());
  ASSERT_EQ(::kill(outrider, SIGCONT), 0);
}

}  // namespace
}  // namespace ndcat
