// The mount over a disk that does not answer: what it does not stop, and how it ends all the same.

#include <gtest/gtest.h>
#include <signal.h>
#include <sys/mount.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <fstream>
#include <memory>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "tests/support/fake_mount.h"
#include "tests/support/file_bytes.h"

namespace ndcat {
namespace {

using namespace std::chrono_literals;

constexpr Index kMiB = Index{1} << 20;
constexpr auto kEnd = 60s;  // generous: these machines are shared

// One process for each reader, since a thread that waits for a page cannot be ended alone.
class HungReaders {
 public:
  HungReaders(const std::string& path, int count) {
    for (int i = 0; i < count; ++i) {
      const pid_t process = ::fork();
      if (process == 0) {
        const Index offset = i * 300'000;
        const Descriptor file = open_file(path);
        ::_exit(bytes_at(file, offset, 1000) == expected_bytes(offset, 1000) ? 0 : 1);
      }
      processes_.push_back(process);
    }
  }
  HungReaders(const HungReaders&) = delete;
  HungReaders& operator=(const HungReaders&) = delete;
  ~HungReaders() {
    for (const pid_t process : processes_) ::kill(process, SIGKILL);
    ends();
  }
  /// How many have ended, and how many of them saw the right bytes.
  std::pair<int, int> ends(int flags = 0) {
    std::pair<int, int> result = {0, 0};
    std::erase_if(processes_, [&](pid_t process) {
      int status = 0;
      if (::waitpid(process, &status, flags) != process) return false;
      ++result.first;
      if (WIFEXITED(status) && WEXITSTATUS(status) == 0) ++result.second;
      return true;
    });
    return result;
  }
  void kill() const {
    for (const pid_t process : processes_) ::kill(process, SIGKILL);
  }

 private:
  std::vector<pid_t> processes_;
};

class Hanging : public testing::Test {
 protected:
  void SetUp() override {
    if (!can_mount()) GTEST_SKIP() << "needs /dev/fuse and root";
    mount_ = std::make_unique<FakeMount>();
    ASSERT_TRUE(mount_->answers()) << mount_->log();
  }
  FakeMount& mount() { return *mount_; }

 private:
  std::unique_ptr<FakeMount> mount_;
};

std::chrono::duration<double> time_to_read_all(const std::string& path) {
  const auto begin = std::chrono::steady_clock::now();
  const Descriptor file = open_file(path);
  std::string buffer(static_cast<std::size_t>(kMiB), '\0');
  Index total = 0;
  while (const ssize_t count = ::read(file.get(), buffer.data(), buffer.size())) {
    if (count < 0) return std::chrono::hours(1);
    total += count;
  }
  EXPECT_EQ(total, 64 * kMiB);
  return std::chrono::steady_clock::now() - begin;
}

TEST_F(Hanging, TwoHundredReadersOfADeadDiskDoNotStopTheOthersAndAllGoOnWhenItReturns) {
  constexpr int kReaders = 200;
  const auto alone = time_to_read_all(mount().path("data.raw"));
  HungReaders readers(mount().path("hung.raw"), kReaders);
  std::this_thread::sleep_for(500ms);
  std::ofstream(mount().control("live")) << "a name not asked for before";
  const Descriptor other = open_file(mount().path("live.raw"));
  EXPECT_EQ(bytes_at(other, 0, 5), expected_bytes(0, 5));
  const Descriptor huge = open_file(mount().path("huge.raw"));
  const auto begin = std::chrono::steady_clock::now();
  Index offset = 0;
  for (; offset < 64 * kMiB; offset += kMiB) {
    ASSERT_EQ(bytes_at(huge, offset, static_cast<std::size_t>(kMiB)).size(), static_cast<std::size_t>(kMiB));
  }
  const std::chrono::duration<double> beside = std::chrono::steady_clock::now() - begin;
  EXPECT_LT(beside, 10 * alone + std::chrono::duration<double>(1s));
  EXPECT_EQ(readers.ends(WNOHANG).first, 0);
  mount().release();
  EXPECT_EQ(readers.ends(), std::pair(kReaders, kReaders));
}

TEST(HangingWithOptions, ReadsThatHangDoNotCountAmongThreads) {
  if (!can_mount()) GTEST_SKIP() << "needs /dev/fuse and root";
  const FakeMount mount({"-o", "threads=1"});
  ASSERT_TRUE(mount.answers()) << mount.log();
  HungReaders readers(mount.path("hung.raw"), 50);
  std::this_thread::sleep_for(300ms);
  const Descriptor file = open_file(mount.path("data.raw"));
  EXPECT_EQ(bytes_at(file, 77, 1000), expected_bytes(77, 1000));
  EXPECT_EQ(readers.ends(WNOHANG).first, 0);
  mount.release();
  EXPECT_EQ(readers.ends(), std::pair(50, 50));
}

TEST_F(Hanging, AHangingNameDoesNotStopOtherNames) {
  HungReaders readers(mount().path("slow_name.raw"), 50);
  std::this_thread::sleep_for(300ms);
  const Descriptor file = open_file(mount().path("data.raw"));
  EXPECT_EQ(bytes_at(file, 77, 1000), expected_bytes(77, 1000));
  EXPECT_EQ(readers.ends(WNOHANG).first, 0);
  mount().release();
  EXPECT_EQ(readers.ends(), std::pair(50, 50));
}

TEST_F(Hanging, ProcessesThatWaitForADeadDiskCanBeKilled) {
  HungReaders by_read(mount().path("hung.raw"), 50);
  HungReaders by_name(mount().path("slow_name.raw"), 50);
  std::this_thread::sleep_for(300ms);
  by_read.kill();
  by_name.kill();
  EXPECT_EQ(by_read.ends(), std::pair(50, 0));
  EXPECT_EQ(by_name.ends(), std::pair(50, 0));
  const Descriptor file = open_file(mount().path("data.raw"));
  EXPECT_EQ(bytes_at(file, 0, 1000), expected_bytes(0, 1000));
}

TEST_F(Hanging, SigtermEndsItAllTheSame) {
  HungReaders readers(mount().path("hung.raw"), 40);
  HungReaders names(mount().path("slow_name.raw"), 40);
  std::this_thread::sleep_for(300ms);
  mount().send(SIGTERM);
  EXPECT_EQ(mount().wait_for_end(kEnd), 0) << mount().log();
  EXPECT_FALSE(mount().is_mounted());
  EXPECT_NE(mount().log().find("given up"), std::string::npos);
  EXPECT_EQ(readers.ends(), std::pair(40, 0));
  EXPECT_EQ(names.ends(), std::pair(40, 0));
}

TEST_F(Hanging, UnmountingEndsItAllTheSame) {
  HungReaders readers(mount().path("hung.raw"), 4);
  std::this_thread::sleep_for(300ms);
  ASSERT_EQ(::umount2(mount().path().c_str(), MNT_FORCE | MNT_DETACH), 0) << errno;
  EXPECT_EQ(mount().wait_for_end(kEnd), 0) << mount().log();
  EXPECT_EQ(readers.ends(), std::pair(4, 0));
}

}  // namespace
}  // namespace ndcat
