// The outrider, a process of the real program, over an ordinary folder in the mount's place: what it asks
// for, that it has nothing of ours, and that nobody waits for it longer than he wants.

#include "fs/mount/outrider.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <span>
#include <string>
#include <thread>

#include "tests/fs/cold_files.h"
#include "tests/fs/temp_folder.h"

namespace ndcat {
namespace {

using namespace std::chrono_literals;
namespace files = std::filesystem;

constexpr Index kStep = 100 * kPage;
constexpr Index kRows = 10;
constexpr Index kSize = kRows * kStep + 100;
constexpr Push kAllRows = {{.low = 50, .high = 50, .step = kStep}, 0, kRows + 1};

std::string program() {
  const char* const path = std::getenv("NDCAT_BINARY");
  return path == nullptr ? "NDCAT_BINARY is not set" : path;
}

class OutriderTest : public ::testing::Test {
 protected:
  [[nodiscard]] Errand errand() const {
    struct stat status = {};
    EXPECT_EQ(::stat(file_.c_str(), &status), 0);
    return {status.st_dev, ReadAhead{kAllRows, kSize}};
  }
  [[nodiscard]] pid_t process() const {
    for (pid_t number = 1; number < 1 << 22; ++number) {
      if (outrider_.is(number)) return number;
    }
    return 0;
  }

  const testing::TempFolder folder_{testing::folder_on_disk()};
  const std::string file_ = folder_.write(kFileToReadAhead, std::string(kSize, 'x'));
  Outrider outrider_{folder_.path(), program()};
};

Index cached_pages(const std::string& path) { return testing::resident_bytes(path) / kPage; }

TEST_F(OutriderTest, ThePagesOfAColumnAreAskedForAndNoOthers) {
  for (int i = 0; i < 2; ++i) {
    testing::make_cold(file_);
    ASSERT_EQ(cached_pages(file_), 0);
    ASSERT_EQ(outrider_.run(errand(), 60s), Outrider::Outcome::returned);
    for (int wait = 0; wait < 20'000 && cached_pages(file_) < kRows + 1; ++wait) {
      std::this_thread::sleep_for(1ms);
    }
    EXPECT_EQ(cached_pages(file_), kRows + 1);
  }
}

TEST_F(OutriderTest, NothingIsAskedForOnAnotherFileSystem) {
  testing::make_cold(file_);
  Errand elsewhere = errand();
  ++elsewhere.device;
  EXPECT_EQ(outrider_.run(elsewhere, 60s), Outrider::Outcome::in_vain);
  EXPECT_EQ(cached_pages(file_), 0);
  files::remove(file_);
  EXPECT_EQ(outrider_.run(elsewhere, 60s), Outrider::Outcome::in_vain);
}

// The argument why it can do no harm rests on this; see outrider.h.
TEST_F(OutriderTest, ItHasNothingOfOurs) {
  const Descriptor ours(::open(file_.c_str(), O_RDONLY));  // without O_CLOEXEC
  ASSERT_EQ(outrider_.run(errand(), 60s), Outrider::Outcome::returned);
  const std::string its = "/proc/" + std::to_string(process());
  int sockets = 0;
  for (const auto& descriptor : files::directory_iterator(its + "/fd")) {
    const std::string target = files::read_symlink(descriptor).string();
    sockets += target.starts_with("socket:") ? 1 : 0;
    EXPECT_TRUE(target.starts_with("socket:") || target == "/dev/null") << target;
  }
  EXPECT_EQ(sockets, 1);
  EXPECT_EQ(::getsid(process()), process());
  EXPECT_EQ(files::read_symlink(its + "/cwd"), "/");
  EXPECT_FALSE(outrider_.is(::getpid()));
}

TEST_F(OutriderTest, NobodyWaitsForOneWhoIsNotBack) {
  ASSERT_EQ(outrider_.run(errand(), 60s), Outrider::Outcome::returned);
  ASSERT_EQ(::kill(process(), SIGSTOP), 0);
  EXPECT_EQ(outrider_.run(errand(), 1ms), Outrider::Outcome::late);
  EXPECT_EQ(outrider_.run(errand(), 60s), Outrider::Outcome::late);  // at once
  ASSERT_EQ(::kill(process(), SIGCONT), 0);
  Outrider::Outcome outcome = Outrider::Outcome::late;
  for (int i = 0; i < 10'000 && outcome == Outrider::Outcome::late; ++i) {
    std::this_thread::sleep_for(1ms);
    outcome = outrider_.run(errand(), 1s);
  }
  EXPECT_EQ(outcome, Outrider::Outcome::returned);
}

TEST_F(OutriderTest, PagesAreWrittenBackAndGivenUp) {
  const std::string file = folder_.write(kFileToGiveUp, std::string(kSize, 'x'));
  const Descriptor fd(::open(file.c_str(), O_RDWR | O_CLOEXEC));
  void* const map = ::mmap(nullptr, kSize, PROT_READ | PROT_WRITE, MAP_SHARED, fd.get(), 0);
  ASSERT_NE(map, MAP_FAILED);
  std::memset(map, 'y', kSize);
  const Index all = cached_pages(file);
  ASSERT_EQ(all, (kSize + kPage - 1) / kPage);
  Errand few = errand();
  few.what = GiveUp{3 * kPage, 5 * kPage};
  EXPECT_EQ(outrider_.run(few, 60s), Outrider::Outcome::returned);
  const Index left = cached_pages(file);
  EXPECT_LE(left, all - 5);  // and those that the kernel keeps together with them
  EXPECT_GT(left, 0);
  few.what = GiveUp{kSize - kSize % kPage, kPage};  // the end of the file lies in the middle
  EXPECT_EQ(outrider_.run(few, 60s), Outrider::Outcome::returned);
  EXPECT_LT(cached_pages(file), left);
  EXPECT_EQ(outrider_.report().failure, 0);
  EXPECT_TRUE(std::ranges::all_of(std::span(static_cast<const char*>(map), kSize),
                                  [](char byte) { return byte == 'y'; }));
  EXPECT_EQ(files::file_size(file), static_cast<std::uintmax_t>(kSize));
  EXPECT_EQ(::munmap(map, kSize), 0);
  files::remove(file);
  EXPECT_EQ(outrider_.run(few, 60s), Outrider::Outcome::in_vain);
}

TEST_F(OutriderTest, OneWhoWasKilledIsGoneUntilAnotherIsWanted) {
  ASSERT_EQ(outrider_.run(errand(), 60s), Outrider::Outcome::returned);
  const pid_t killed = process();
  ASSERT_EQ(::kill(killed, SIGKILL), 0);
  EXPECT_EQ(outrider_.run(errand(), 60s), Outrider::Outcome::gone);
  EXPECT_EQ(outrider_.run(errand(), 60s), Outrider::Outcome::gone);
  EXPECT_FALSE(outrider_.is(killed));
  EXPECT_EQ(::kill(killed, 0), -1);  // nor is it a zombie
  outrider_.renew();
  EXPECT_EQ(outrider_.run(errand(), 60s), Outrider::Outcome::returned);
  EXPECT_NE(process(), killed);
}

TEST_F(OutriderTest, WhereItCannotBeStartedThereIsNone) {
  Outrider none(folder_.path(), folder_ / "no program");
  EXPECT_EQ(none.run(errand(), 60s), Outrider::Outcome::gone);
}

TEST(Outrider, EndsWithItsOwner) {
  pid_t process = 0;
  {
    Outrider outrider("/nowhere", program());
    ASSERT_EQ(outrider.run({}, 60s), Outrider::Outcome::in_vain);
    while (!outrider.is(process)) ++process;
  }
  EXPECT_EQ(::kill(process, 0), -1);
}

}  // namespace
}  // namespace ndcat
