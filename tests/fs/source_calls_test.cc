// How many system calls, page faults and bytes fixed reads cost, so that a lost fast path fails a test
// instead of taking time. The calls are counted by standing between the program and the C library.
#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <string>
#include <thread>
#include <vector>

#include "fs/files/catalog.h"
#include "tests/fs/cold_files.h"
#include "tests/fs/temp_folder.h"

namespace {

struct Calls {
  long preads = 0, statxs = 0, fetches = 0, drops = 0;
  ndcat::Index bytes_fetched = 0;
};
Calls calls;  // the readers of these tests have one thread

}  // namespace

extern "C" ssize_t pread(int fd, void* buffer, std::size_t size, off_t offset) {
  ++calls.preads;
  return ::syscall(SYS_pread64, fd, buffer, size, offset);
}

extern "C" int statx(int folder, const char* path, int flags, unsigned mask, struct statx* status) noexcept {
  ++calls.statxs;
  return static_cast<int>(::syscall(SYS_statx, folder, path, flags, mask, status));
}

extern "C" int posix_fadvise(int fd, off_t offset, off_t length, int advice) noexcept {
  if (advice == POSIX_FADV_WILLNEED) {
    ++calls.fetches;
    calls.bytes_fetched += length;
  }
  calls.drops += advice == POSIX_FADV_DONTNEED;
  return ::syscall(SYS_fadvise64, fd, offset, length, advice) == 0 ? 0 : errno;
}

namespace ndcat {
namespace {

using testing::make_cold;
using testing::TempFolder;

constexpr Index kKibi = Index{1} << 10, kMebi = Index{1} << 20;

long major_faults() {
  rusage usage;
  EXPECT_EQ(::getrusage(RUSAGE_SELF, &usage), 0);
  return usage.ru_majflt;
}

class SourceCalls : public ::testing::Test {
 protected:
  /// A source of zeros.
  void source(const std::string& name, Index size) {
    const std::string path = folder_.write(name, "");
    std::filesystem::resize_file(path, static_cast<std::uintmax_t>(size));
    sources_.push_back(path);
  }
  void serve(const std::string& manifest) {
    folder_.write("all.json", manifest);
    CatalogOptions options;
    options.settle = std::chrono::seconds(0);
    catalog_ = *Catalog::open(folder_.path(), options);
    const auto found = catalog_->find("", "all.raw");
    ASSERT_TRUE(std::holds_alternative<CatalogEntry>(found));
    snapshot_ = std::get<CatalogEntry>(found).snapshot;
    buffer_.resize(static_cast<std::size_t>(4 * kMebi));
  }
  void cool() const {
    for (const std::string& path : sources_) make_cold(path);
  }
  void read(Index offset, Index length) {
    const auto result =
        snapshot_->read(VirtualKind::raw, offset, std::span(buffer_).first(static_cast<std::size_t>(length)));
    ASSERT_TRUE(std::holds_alternative<std::size_t>(result)) << std::get<ReadFailure>(result).message;
    ASSERT_EQ(static_cast<Index>(std::get<std::size_t>(result)), length);
  }
  void read_all(Index request) {
    const Index size = snapshot_->attributes(VirtualKind::raw).size;
    for (Index at = 0; at < size; at += request) read(at, std::min(request, size - at));
  }
  /// All in memory, mapped and opened.
  void warm_up() { read_all(kMebi); }

  TempFolder folder_{testing::folder_on_disk()};
  std::vector<std::string> sources_;
  std::unique_ptr<Catalog> catalog_;
  std::shared_ptr<const Snapshot> snapshot_;
  std::vector<std::byte> buffer_;
};

TEST_F(SourceCalls, WarmReadsOfMapsAskOnceARequestAndSourceWhetherTheFileIsTheSame) {
  source("a.raw", 8 * kMebi);
  source("b.raw", 8 * kMebi);
  serve(
      R"({"concatenate": ["a.raw", "b.raw"], "axis": 1, "defaults": {"dtype": "u1", "shape": [-1, 1000], "offset": 608}})");
  warm_up();
  calls = {};
  const long faults = major_faults();
  read_all(kMebi);
  EXPECT_EQ(calls.preads, 0);
  EXPECT_EQ(calls.fetches, 0);
  EXPECT_EQ(calls.drops, 0);
  EXPECT_LE(calls.statxs, 2 * 16 + 20);  // and a few for the paths, once a second
  EXPECT_EQ(major_faults(), faults);
}

TEST_F(SourceCalls, PathsAreNotLookedAtAgainRightAfterAnOpenLookedAtAll) {
  for (int i = 0; i < 30; ++i) source("s" + std::to_string(i), 100 * kKibi);
  serve(R"({"concatenate": [{"glob": "s*", "dtype": "u1", "shape": [-1]}]})");
  warm_up();
  std::this_thread::sleep_for(std::chrono::milliseconds(1100));  // so that they are due
  ASSERT_TRUE(catalog_->is_current(*snapshot_));
  calls = {};
  read_all(100 * kKibi);
  EXPECT_EQ(calls.statxs, 30);
}

TEST_F(SourceCalls, SmallSourcesAreReadInAFewPieces) {
  for (int i = 0; i < 16; ++i) source("s" + std::to_string(i), 600 * kKibi);
  serve(R"({"concatenate": [{"glob": "s*", "dtype": "u1", "shape": [-1]}]})");
  warm_up();
  calls = {};
  read_all(kMebi);
  EXPECT_LE(calls.preads, 16 * 3 + 10);  // of 256 KiB, and where requests begin
  EXPECT_EQ(calls.fetches, 0);
}

TEST_F(SourceCalls, SmallSourcesThatAreReadAgainAndAgainAreMapped) {
  for (int i = 0; i < 16; ++i) source("s" + std::to_string(i), 100 * kKibi);
  serve(R"({"concatenate": [{"glob": "s*", "dtype": "u1", "shape": [-1]}]})");
  for (int pass = 0; pass < 5; ++pass) read_all(100 * kKibi);
  calls = {};
  read_all(100 * kKibi);
  EXPECT_EQ(calls.preads, 0);
}

TEST_F(SourceCalls, ManySmallRowsOfASmallSourceAreReadTogether) {
  source("a.raw", 800 * kKibi);
  serve(R"({"path": "a.raw", "dtype": "u1", "shape": [1024, 800], "select": ":, :8"})");
  warm_up();
  calls = {};
  read_all(kMebi);
  EXPECT_LE(calls.preads, 800 / 16 + 2);
}

TEST_F(SourceCalls, ColdScatteredReadsAskForTheirPagesAndFaultNone) {
  source("a.raw", 64 * kMebi);
  serve(R"({"path": "a.raw", "dtype": "u1", "shape": [64, 1048576]})");
  cool();
  calls = {};
  const long faults = major_faults();
  for (Index i = 0; i < 20; ++i) read(3 * i * kMebi + 4096, 4096);
  EXPECT_EQ(calls.fetches, 20);
  EXPECT_EQ(calls.bytes_fetched, 20 * 4096);
  EXPECT_EQ(major_faults(), faults);
}

TEST_F(SourceCalls, AColdColumnAsksForEachOfItsRunsAtOnce) {
  source("a.raw", 64 * kMebi);
  serve(R"({"path": "a.raw", "dtype": "u1", "shape": [64, 1048576], "order": "C", "select": ":, 5000"})");
  cool();
  calls = {};
  const long faults = major_faults();
  read(0, 64);
  EXPECT_EQ(calls.fetches, 64);
  EXPECT_EQ(calls.bytes_fetched, 64);
  EXPECT_EQ(major_faults(), faults);
}

TEST_F(SourceCalls, AColdSequentialReaderAsksForEveryByteOnce) {
  source("a.raw", 40 * kMebi);
  source("b.raw", 20 * kMebi);
  for (const std::string rows : {":", "1:"}) {
    for (const Index request : {128 * kKibi, kMebi}) {
      snapshot_.reset();  // what is mapped stays in memory
      catalog_.reset();
      cool();
      serve(R"({"concatenate": [{"path": "a.raw", "dtype": "u1", "shape": [20, 2097152]},
                                {"path": "b.raw", "dtype": "u1", "shape": [20, 1048576]}],
                "axis": 1, "select": ")" +
            rows + "\"}");
      calls = {};
      const long faults = major_faults();
      read_all(request);
      const Index size = snapshot_->attributes(VirtualKind::raw).size;
      EXPECT_EQ(calls.bytes_fetched, size);
      EXPECT_LE(calls.fetches, size / (64 * kKibi));
      EXPECT_GT(calls.drops, 0);
      EXPECT_EQ(major_faults(), faults);
    }
  }
}

TEST_F(SourceCalls, PagesThatLaterRowsNeedAreNotDroppedBehindThem) {
  source("a.raw", 48 * kMebi);
  serve(
      R"({"concatenate": [{"path": "a.raw", "dtype": "u1", "shape": [98304, 512], "transpose": true}], "order": "C"})");
  cool();
  calls = {};
  read_all(kMebi);
  EXPECT_EQ(calls.drops, 0);
}

}  // namespace
}  // namespace ndcat
