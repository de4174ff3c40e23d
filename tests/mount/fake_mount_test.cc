// The whole mount over a catalog without files: what the kernel and its users see, and what hanging disks do
// not stop.

#include "tests/support/fake_mount.h"

#include <dirent.h>
#include <fcntl.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/un.h>
#include <sys/xattr.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <cstddef>
#include <cstdlib>
#include <fstream>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "fs/files/descriptor.h"
#include "tests/support/file_bytes.h"

namespace ndcat {
namespace {

using namespace std::chrono_literals;

constexpr Index kMiB = Index{1} << 20;
constexpr auto kEnd = 60s;  // generous: these machines are shared

class Mounted : public testing::TestWithParam<std::vector<std::string>> {
 protected:
  void SetUp() override {
    if (!can_mount()) GTEST_SKIP() << "needs /dev/fuse and root";
    mount_ = std::make_unique<FakeMount>(GetParam());
    ASSERT_TRUE(mount_->answers()) << mount_->log();
  }
  FakeMount& mount() { return *mount_; }

 private:
  std::unique_ptr<FakeMount> mount_;
};

TEST_P(Mounted, ReadsAtAnyOffsetGiveTheBytes) {
  for (const int flags : {O_RDONLY, O_RDONLY | O_DIRECT}) {
    const Descriptor file = open_file(mount().path("data.raw"), flags);
    for (const Index offset : {Index{0}, Index{1}, Index{4095}, 3 * kMiB + 17, 64 * kMiB - 5}) {
      const std::size_t size = offset == 64 * kMiB - 5 ? 5 : 100'000;
      EXPECT_EQ(bytes_at(file, offset, 100'000), expected_bytes(offset, size)) << offset;
    }
    EXPECT_EQ(bytes_at(file, 64 * kMiB, 10), "");
    EXPECT_EQ(bytes_at(file, 70 * kMiB, 10), "");
  }
}

TEST_P(Mounted, FilesBeyond32BitsAreReadAtTheirEnds) {
  const Descriptor file = open_file(mount().path("huge.raw"));
  for (const Index offset : {(Index{1} << 32) - 3, (Index{1} << 40) + 12345, (Index{1} << 41) - 100}) {
    EXPECT_EQ(bytes_at(file, offset, 100), expected_bytes(offset, 100)) << offset;
  }
}

TEST_P(Mounted, MapsSharedAndPrivateShowTheBytes) {
  const Descriptor file = open_file(mount().path("data.raw"));
  for (const int flags : {MAP_SHARED, MAP_PRIVATE}) {
    void* const map = ::mmap(nullptr, static_cast<std::size_t>(kMiB), PROT_READ, flags, file.get(), 5 * kMiB);
    ASSERT_NE(map, MAP_FAILED);
    EXPECT_EQ(std::string(static_cast<const char*>(map), 100'000), expected_bytes(5 * kMiB, 100'000));
    ::munmap(map, static_cast<std::size_t>(kMiB));
  }
  EXPECT_EQ(::mmap(nullptr, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, file.get(), 0), MAP_FAILED);
}

TEST_P(Mounted, StatAndStatfsSayWhatProgramsNeed) {
  struct stat status = {};
  ASSERT_EQ(::stat(mount().path("huge.raw").c_str(), &status), 0);
  EXPECT_EQ(status.st_size, Index{1} << 41);
  EXPECT_EQ(status.st_blocks, (Index{1} << 41) / 512);
  EXPECT_EQ(status.st_mode, static_cast<mode_t>(S_IFREG | 0444));
  EXPECT_EQ(status.st_mtim.tv_nsec, 123'456'789);
  ASSERT_EQ(::stat(mount().path("broken.error").c_str(), &status), 0);
  EXPECT_EQ(status.st_blocks, 1);
  EXPECT_EQ(status.st_blksize, 4096);
  ASSERT_EQ(::stat(mount().path("many").c_str(), &status), 0);
  EXPECT_EQ(status.st_mode, static_cast<mode_t>(S_IFDIR | 0555));
  struct statvfs statistics = {};
  ASSERT_EQ(::statvfs(mount().path().c_str(), &statistics), 0);
  EXPECT_NE(statistics.f_flag & ST_RDONLY, 0u);
  EXPECT_EQ(statistics.f_namemax, 255u);
}

TEST_P(Mounted, ExtendedAttributesFollowTheProtocolOfSizes) {
  const std::string path = mount().path("data.raw");
  char value[64] = {};
  const std::string shape = "[67108864]";
  EXPECT_EQ(::getxattr(path.c_str(), "user.ndcat.shape", nullptr, 0), static_cast<ssize_t>(shape.size()));
  EXPECT_EQ(::getxattr(path.c_str(), "user.ndcat.shape", value, 3), -1);
  EXPECT_EQ(errno, ERANGE);
  ASSERT_EQ(::getxattr(path.c_str(), "user.ndcat.shape", value, sizeof value),
            static_cast<ssize_t>(shape.size()));
  EXPECT_EQ(std::string(value), shape);
  EXPECT_EQ(::getxattr(path.c_str(), "user.ndcat.nothing", value, sizeof value), -1);
  EXPECT_EQ(errno, ENODATA);
  char names[256] = {};
  const ssize_t length = ::listxattr(path.c_str(), names, sizeof names);
  EXPECT_EQ(length, ::listxattr(path.c_str(), nullptr, 0));
  EXPECT_EQ(std::string(names, static_cast<std::size_t>(length)),
            std::string("user.ndcat.dtype\0user.ndcat.shape\0user.ndcat.order\0user.ndcat.manifest\0", 71));
  EXPECT_EQ(::listxattr(path.c_str(), names, 10), -1);
  EXPECT_EQ(errno, ERANGE);
}

TEST_P(Mounted, HolesAndDataAreFound) {
  const Descriptor file = open_file(mount().path("data.raw"));
  EXPECT_EQ(::lseek(file.get(), 100, SEEK_DATA), 100);
  EXPECT_EQ(::lseek(file.get(), 100, SEEK_HOLE), 32 * kMiB);
  EXPECT_EQ(::lseek(file.get(), 40 * kMiB, SEEK_DATA), -1);
  EXPECT_EQ(errno, ENXIO);
  EXPECT_EQ(::lseek(file.get(), 0, SEEK_END), 64 * kMiB);
}

TEST_P(Mounted, LocksWorkOnFilesThatAreOpenForReading) {
  const Descriptor file = open_file(mount().path("data.raw"));
  const Descriptor again = open_file(mount().path("data.raw"));
  struct flock lock = {};
  lock.l_type = F_RDLCK;
  lock.l_whence = SEEK_SET;
  EXPECT_EQ(::fcntl(file.get(), F_SETLK, &lock), 0) << errno;
  lock.l_type = F_UNLCK;
  EXPECT_EQ(::fcntl(file.get(), F_SETLK, &lock), 0) << errno;
  EXPECT_EQ(::flock(file.get(), LOCK_EX | LOCK_NB), 0) << errno;
  EXPECT_EQ(::flock(again.get(), LOCK_SH | LOCK_NB), -1);
  EXPECT_EQ(errno, EWOULDBLOCK);
}

TEST_P(Mounted, AFailingReadSaysSoToTheReaderAndOnceToTheLog) {
  const Descriptor file = open_file(mount().path("failing.raw"));
  char byte = 0;
  for (int i = 0; i < 20; ++i) {
    EXPECT_EQ(::pread(file.get(), &byte, 1, i * 40'000), -1);
    EXPECT_EQ(errno, EIO);
  }
  const std::string log = mount().log();
  const auto first = log.find("failing.json: no disk any more");
  ASSERT_NE(first, std::string::npos);
  EXPECT_EQ(log.find("no disk any more", first + 20), std::string::npos);
}

TEST_P(Mounted, AChangeIsSeenByTheNextOpenAndNotByTheOneBefore) {
  std::ofstream(mount().control("live")) << "one";
  const std::string path = mount().path("live.raw");
  const Descriptor before = open_file(path);
  ASSERT_TRUE(before.is_open());
  EXPECT_EQ(bytes_at(before, 0, 100).size(), 3u);
  for (std::size_t size = 4; size < 60; ++size) {
    std::ofstream(mount().control("live")) << std::string(size, 'x');
    const Descriptor file = open_file(path);
    ASSERT_TRUE(file.is_open()) << errno;
    EXPECT_EQ(bytes_at(file, 0, 100), expected_bytes(0, size));
    struct stat status = {};
    ASSERT_EQ(::stat(path.c_str(), &status), 0);
    EXPECT_EQ(status.st_size, static_cast<off_t>(size));
  }
  EXPECT_EQ(bytes_at(before, 0, 100).size(), 3u);
  ASSERT_EQ(::unlink(mount().control("live").c_str()), 0);
  EXPECT_FALSE(open_file(path).is_open());
  EXPECT_EQ(errno, ENOENT);
}

// open(/proc/self/fd/N) does no lookup, so that open() itself must find out that the snapshot has gone.
TEST_P(Mounted, AnOpenWithoutALookupRefusesWhatIsNotCurrent) {
  std::ofstream(mount().control("live")) << "one";
  const Descriptor before = open_file(mount().path("live.raw"));
  ASSERT_TRUE(before.is_open());
  std::ofstream(mount().control("live")) << "three";
  const Descriptor again = open_file("/proc/self/fd/" + std::to_string(before.get()));
  EXPECT_FALSE(again.is_open());
  EXPECT_EQ(errno, ESTALE);
}

TEST_P(Mounted, AFolderIsReadWholeAndItsOffsetsHold) {
  DIR* const folder = ::opendir(mount().path("many").c_str());
  ASSERT_NE(folder, nullptr);
  std::vector<std::string> names;
  std::vector<long> offsets;
  while (const dirent* const entry = ::readdir(folder)) {
    names.emplace_back(entry->d_name);
    offsets.push_back(::telldir(folder));
    EXPECT_EQ(entry->d_type, names.back()[0] == '.' ? DT_DIR : DT_REG);
  }
  EXPECT_EQ(std::set<std::string>(names.begin(), names.end()).size(), 5002u);
  EXPECT_EQ(names.size(), 5002u);
  for (const std::size_t i : {4000u, 2u, 1u, 3333u, 0u}) {
    ::seekdir(folder, offsets[i]);
    EXPECT_EQ(::readdir(folder)->d_name, names[i + 1]);
  }
  ::rewinddir(folder);
  EXPECT_EQ(::readdir(folder)->d_name, names[0]);
  ::closedir(folder);
}

TEST_P(Mounted, NamesInAFolderHaveTheNumbersThatStatShows) {
  DIR* const folder = ::opendir(mount().path().c_str());
  ASSERT_NE(folder, nullptr);
  int compared = 0;
  while (const dirent* const entry = ::readdir(folder)) {
    const std::string name = entry->d_name;
    if (name == ".." || name == "slow_name.raw") continue;
    struct stat status = {};
    ASSERT_EQ(::stat(mount().path(name).c_str(), &status), 0) << name;
    EXPECT_EQ(entry->d_ino, status.st_ino) << name;
    ++compared;
  }
  ::closedir(folder);
  EXPECT_GE(compared, 6);
}

TEST_P(Mounted, NothingCanBeChanged) {
  const std::string file = mount().path("data.raw");
  const std::string other = mount().path("new");
  EXPECT_FALSE(open_file(file, O_WRONLY).is_open());
  EXPECT_EQ(errno, EROFS);
  EXPECT_FALSE(open_file(file, O_RDWR).is_open());
  EXPECT_EQ(errno, EROFS);
  const auto refused = [](int result) { return result == -1 && errno == EROFS; };
  EXPECT_TRUE(refused(::unlink(file.c_str())));
  EXPECT_TRUE(refused(::rename(file.c_str(), other.c_str())));
  EXPECT_TRUE(refused(::link(file.c_str(), other.c_str())));
  EXPECT_TRUE(refused(::symlink("data.raw", other.c_str())));
  EXPECT_TRUE(refused(::mkdir(other.c_str(), 0777)));
  EXPECT_TRUE(refused(::rmdir(mount().path("many").c_str())));
  EXPECT_TRUE(refused(::chmod(file.c_str(), 0777)));
  EXPECT_TRUE(refused(::truncate(file.c_str(), 0)));
  EXPECT_TRUE(refused(::setxattr(file.c_str(), "user.a", "b", 1, 0)));
  EXPECT_TRUE(refused(::removexattr(file.c_str(), "user.ndcat.dtype")));
  EXPECT_TRUE(refused(::access(file.c_str(), W_OK)));
  EXPECT_EQ(::access(file.c_str(), R_OK), 0);
}

// Also when somebody has made the mount writable behind our back, and the kernel asks.
TEST_P(Mounted, NothingCanBeChangedAfterARemountEither) {
  ASSERT_EQ(::mount(nullptr, mount().path().c_str(), nullptr, MS_REMOUNT | MS_NOSUID | MS_NODEV, nullptr), 0)
      << errno;
  const std::string file = mount().path("data.raw");
  const std::string other = mount().path("new");
  const auto refused = [](int result) { return result == -1 && errno == EROFS; };
  EXPECT_TRUE(refused(::open(file.c_str(), O_RDWR)));
  EXPECT_TRUE(refused(::open(other.c_str(), O_WRONLY | O_CREAT, 0666)));
  EXPECT_TRUE(refused(::unlink(file.c_str())));
  EXPECT_TRUE(refused(::rename(file.c_str(), other.c_str())));
  EXPECT_TRUE(refused(::mkdir(other.c_str(), 0777)));
  EXPECT_TRUE(refused(::chmod(file.c_str(), 0777)));
  EXPECT_TRUE(refused(::setxattr(file.c_str(), "user.a", "b", 1, 0)));
}

TEST_P(Mounted, SigtermEndsItWithFilesOpenAndMapped) {
  const Descriptor file = open_file(mount().path("data.raw"));
  EXPECT_EQ(bytes_at(file, 0, 100).size(), 100u);
  mount().send(SIGTERM);
  EXPECT_EQ(mount().wait_for_end(kEnd), 0) << mount().log();
  EXPECT_FALSE(mount().is_mounted());
  EXPECT_EQ(mount().log(), "");
}

TEST_P(Mounted, UnmountingEndsIt) {
  ASSERT_EQ(::umount2(mount().path().c_str(), 0), 0) << errno;
  EXPECT_EQ(mount().wait_for_end(kEnd), 0) << mount().log();
  EXPECT_EQ(mount().log(), "");
}

using Words = std::vector<std::string>;

std::string name_of(const testing::TestParamInfo<Words>& info) {
  const std::string variants[] = {"many", "single", "two", "clone_fd"};
  return variants[info.index];
}

INSTANTIATE_TEST_SUITE_P(Threads, Mounted,
                         testing::Values(Words{}, Words{"-s"}, Words{"-o", "max_threads=2"},
                                         Words{"-o", "clone_fd"}),
                         name_of);

// What systemd does for a unit of Type=notify.
TEST(Notification, TheServiceManagerHearsOfTheBeginningAndTheEnd) {
  if (!can_mount()) GTEST_SKIP() << "needs /dev/fuse and root";
  const Descriptor manager(::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0));
  sockaddr_un address = {};
  address.sun_family = AF_UNIX;
  socklen_t length = sizeof(sa_family_t);
  ASSERT_EQ(::bind(manager.get(), reinterpret_cast<const sockaddr*>(&address), length),
            0);  // the kernel finds a name
  length = sizeof address;
  ASSERT_EQ(::getsockname(manager.get(), reinterpret_cast<sockaddr*>(&address), &length), 0);
  const std::string name(address.sun_path + 1, length - offsetof(sockaddr_un, sun_path) - 1);
  ASSERT_EQ(::setenv("NOTIFY_SOCKET", ("@" + name).c_str(), 1), 0);
  FakeMount mount;
  ::unsetenv("NOTIFY_SOCKET");
  ASSERT_TRUE(mount.answers()) << mount.log();
  char text[100] = {};
  ASSERT_GT(::recv(manager.get(), text, sizeof text - 1, 0), 0);
  EXPECT_STREQ(text, "READY=1");
  mount.send(SIGTERM);
  ASSERT_EQ(::recv(manager.get(), text, sizeof text - 1, 0), 10);
  EXPECT_STREQ(text, "STOPPING=1");
  EXPECT_EQ(mount.wait_for_end(kEnd), 0);
}

}  // namespace
}  // namespace ndcat
