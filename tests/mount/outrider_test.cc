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
#include <filesystem>
#include <fstream>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

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

class OutriderTest : public testing::Test {
 protected:
  OutriderTest() { std::ofstream(file_) << std::string(kSize, 'x'); }
  ~OutriderTest() override { files::remove_all(folder_); }

  [[nodiscard]] Errand errand() const {
    struct stat status = {};
    EXPECT_EQ(::stat(file_.c_str(), &status), 0);
    return {status.st_dev, kAllRows, kSize};
  }
  [[nodiscard]] pid_t process() const {
    for (pid_t number = 1; number < 1 << 22; ++number) {
      if (outrider_.is(number)) return number;
    }
    return 0;
  }

  const files::path folder_ = new_folder(), file_ = folder_ / kOutriderFile;
  Outrider outrider_{folder_.string(), program()};

 private:
  static files::path new_folder() {
    std::string name = (files::temp_directory_path() / "ndcat-outrider-XXXXXX").string();
    if (::mkdtemp(name.data()) == nullptr) throw std::runtime_error("no temporary folder");
    return name;
  }
};

class Pages {
 public:
  explicit Pages(const files::path& path) : file_(::open(path.c_str(), O_RDONLY | O_CLOEXEC)) {}
  ~Pages() { ::munmap(map_, kSize); }
  // Only clean pages can be dropped.
  void drop() {
    ASSERT_EQ(::fdatasync(file_.get()), 0);
    ASSERT_EQ(::posix_fadvise(file_.get(), 0, 0, POSIX_FADV_DONTNEED), 0);
  }
  [[nodiscard]] Index cached() const {
    std::vector<unsigned char> pages(static_cast<std::size_t>((kSize + kPage - 1) / kPage));
    EXPECT_EQ(::mincore(map_, kSize, pages.data()), 0);
    return std::count_if(pages.begin(), pages.end(), [](unsigned char page) { return (page & 1) != 0; });
  }

 private:
  Descriptor file_;
  void* const map_ = ::mmap(nullptr, kSize, PROT_READ, MAP_SHARED, file_.get(), 0);
};

TEST_F(OutriderTest, ThePagesOfAColumnAreAskedForAndNoOthers) {
  Pages pages(file_);
  pages.drop();
  if (pages.cached() != 0) GTEST_SKIP() << "this file system keeps its pages (tmpfs)";
  for (int i = 0; i < 2; ++i) {
    ASSERT_EQ(outrider_.run(errand(), 60s), Outrider::Outcome::returned);
    for (int wait = 0; wait < 20'000 && pages.cached() < kRows + 1; ++wait) std::this_thread::sleep_for(1ms);
    EXPECT_EQ(pages.cached(), kRows + 1);
    pages.drop();
    EXPECT_EQ(pages.cached(), 0);
  }
}

TEST_F(OutriderTest, NothingIsAskedForOnAnotherFileSystem) {
  Pages pages(file_);
  pages.drop();
  const Index before = pages.cached();
  Errand elsewhere = errand();
  ++elsewhere.device;
  EXPECT_EQ(outrider_.run(elsewhere, 60s), Outrider::Outcome::returned);
  EXPECT_EQ(pages.cached(), before);
  files::remove(file_);
  EXPECT_EQ(outrider_.run(elsewhere, 60s), Outrider::Outcome::returned);
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

TEST_F(OutriderTest, OneWhoWasKilledIsGoneForGood) {
  ASSERT_EQ(outrider_.run(errand(), 60s), Outrider::Outcome::returned);
  const pid_t killed = process();
  ASSERT_EQ(::kill(killed, SIGKILL), 0);
  EXPECT_EQ(outrider_.run(errand(), 60s), Outrider::Outcome::gone);
  EXPECT_EQ(outrider_.run(errand(), 60s), Outrider::Outcome::gone);
  EXPECT_FALSE(outrider_.is(killed));
  EXPECT_EQ(::kill(killed, 0), -1);  // nor is it a zombie
}

TEST_F(OutriderTest, WhereItCannotBeStartedThereIsNone) {
  Outrider none(folder_.string(), (folder_ / "no program").string());
  EXPECT_EQ(none.run(errand(), 60s), Outrider::Outcome::gone);
}

TEST(Outrider, EndsWithItsOwner) {
  pid_t process = 0;
  {
    Outrider outrider("/nowhere", program());
    ASSERT_EQ(outrider.run({}, 60s), Outrider::Outcome::returned);
    while (!outrider.is(process)) ++process;
  }
  EXPECT_EQ(::kill(process, 0), -1);
}

}  // namespace
}  // namespace ndcat
