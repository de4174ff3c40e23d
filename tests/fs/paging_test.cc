// What reading brings into memory and what it leaves there, counted in pages of files that were cold.
#include "fs/files/paging.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstring>
#include <string>

#include "fs/files/catalog.h"
#include "tests/fs/cold_files.h"
#include "tests/fs/made_snapshot.h"
#include "tests/fs/temp_folder.h"

namespace ndcat {
namespace {

using testing::make_cold;
using testing::make_snapshot;
using testing::resident_bytes;
using testing::TempFolder;

constexpr Index kKibi = Index{1} << 10, kMebi = Index{1} << 20;
const Dtype kByte = Dtype::simple(Kind::unsigned_integer, 1);

class PagingTest : public ::testing::Test {
 protected:
  /// Holes are pages like others once they were read, and no disk is waited for.
  std::string source(const std::string& name, Index size) {
    const std::string path = folder_.write(name, "");
    std::filesystem::resize_file(path, static_cast<std::uintmax_t>(size));
    make_cold(path);
    return path;
  }
  static void read(const Snapshot& snapshot, Index begin, Index length) {
    static const std::vector<std::byte> zeros(8 * kMebi);
    std::vector<std::byte> bytes(static_cast<std::size_t>(length), std::byte{1});
    const auto result = snapshot.read(VirtualKind::raw, begin, bytes);
    ASSERT_TRUE(std::holds_alternative<std::size_t>(result));
    ASSERT_EQ(std::get<std::size_t>(result), bytes.size());
    ASSERT_EQ(std::memcmp(bytes.data(), zeros.data(), bytes.size()), 0);
  }
  static void read_all(const Snapshot& snapshot, Index begin, Index end, Index request = kMebi) {
    for (Index at = begin; at < end; at += request) read(snapshot, at, std::min(request, end - at));
  }

  TempFolder folder_{testing::folder_on_disk()};
};

TEST_F(PagingTest, ScatteredReadsBringInTheirOwnPagesAndNothingAround) {
  const std::string path = source("a", 64 * kMebi);
  const auto snapshot = make_snapshot({{path, {64 * kMebi}}}, kByte);
  make_cold(path);  // the probe read its beginning
  for (Index i = 0; i < 10; ++i) read(*snapshot, (5 + 6 * i) * kMebi + 4096, 4096);
  EXPECT_EQ(resident_bytes(path), 10 * 4096);
  read(*snapshot, 3 * kMebi + 100, 128 * kKibi);
  EXPECT_EQ(resident_bytes(path), 10 * 4096 + 128 * kKibi + 4096);
}

TEST_F(PagingTest, SoDoReadsOfAColumn) {
  const std::string path = source("a", 64 * kMebi);
  const Index rows = 64, columns = kMebi;
  const auto snapshot = make_snapshot({{path, {rows, columns}}}, kByte, 100, Order::f);
  make_cold(path);
  read(*snapshot, 5000 * rows, rows);  // column 5000, an element a row
  EXPECT_EQ(resident_bytes(path), rows * 4096);
}

TEST_F(PagingTest, SmallSourcesAreReadWithoutMapsInTheSameWay) {
  std::vector<testing::MadeSource> sources;
  for (int i = 0; i < 8; ++i)
    sources.push_back({source("s" + std::to_string(i), 512 * kKibi), {512 * kKibi}});
  const auto snapshot = make_snapshot(sources, kByte);
  for (const testing::MadeSource& one : sources) make_cold(one.path);
  read(*snapshot, 100 * kKibi, 4096);
  EXPECT_LE(resident_bytes(sources[0].path), 32 * kKibi);  // read in blocks of 16 KiB
  EXPECT_EQ(resident_bytes(sources[1].path), 0);
  read(*snapshot, 512 * kKibi, 7 * 512 * kKibi);
  for (std::size_t i = 1; i < sources.size(); ++i) EXPECT_EQ(resident_bytes(sources[i].path), 512 * kKibi);
}

TEST_F(PagingTest, SequentialReadsAreReadAheadButNotFar) {
  const std::string path = source("a", 64 * kMebi);
  const auto snapshot =
      make_snapshot({{path, {64 * kMebi}}}, kByte, 100, Order::c, {.drop_behind = Use::never});
  make_cold(path);
  read_all(*snapshot, 0, 20 * kMebi, 128 * kKibi);
  EXPECT_GT(resident_bytes(path), 24 * kMebi);
  EXPECT_LE(resident_bytes(path), 28 * kMebi);
  read_all(*snapshot, 20 * kMebi, 64 * kMebi);
  EXPECT_EQ(resident_bytes(path), 64 * kMebi);
}

TEST_F(PagingTest, WhatIsAheadMayBeOtherSources) {
  std::vector<testing::MadeSource> sources;
  for (int i = 0; i < 10; ++i) sources.push_back({source("s" + std::to_string(i), kMebi), {kMebi}});
  const auto snapshot = make_snapshot(sources, kByte);
  for (const testing::MadeSource& one : sources) make_cold(one.path);
  read_all(*snapshot, 0, 4 * kMebi);
  EXPECT_EQ(resident_bytes(sources[4].path), kMebi);
  EXPECT_EQ(resident_bytes(sources[6].path), 0);
}

TEST_F(PagingTest, WhatWasBroughtInIsGivenBackBehindASequentialReader) {
  const std::string path = source("a", 48 * kMebi);
  const auto snapshot = make_snapshot({{path, {48 * kMebi - 777}, 777}}, kByte);
  make_cold(path);
  read_all(*snapshot, 0, 48 * kMebi - 777, 256 * kKibi);
  EXPECT_GT(resident_bytes(path), ReadStreams::kLag / 2);
  EXPECT_LE(resident_bytes(path), ReadStreams::kLag + 3 * kMebi);
}

TEST_F(PagingTest, WhatWasResidentBeforeIsLeftAlone) {
  const std::string path = source("a", 48 * kMebi);
  const auto snapshot = make_snapshot({{path, {48 * kMebi}}}, kByte);
  make_cold(path);
  {
    const Descriptor fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
    ASSERT_EQ(::posix_fadvise(fd.get(), 0, 0, POSIX_FADV_RANDOM), 0);  // no read-ahead
    std::string bytes(5 * kMebi, '?');
    ASSERT_EQ(::pread(fd.get(), bytes.data(), bytes.size(), 10 * kMebi + 4096), 5 * kMebi);
  }
  ASSERT_EQ(resident_bytes(path), 5 * kMebi);
  read_all(*snapshot, 0, 48 * kMebi);
  EXPECT_GE(resident_bytes(path), ReadStreams::kLag / 2 + 5 * kMebi);
  EXPECT_LE(resident_bytes(path), ReadStreams::kLag + 8 * kMebi);
}

TEST_F(PagingTest, NothingIsGivenBackAsLongAsTheVirtualFilesPagesAreNotKeptEither) {
  const std::string path = source("m/a.raw", 64 * kMebi);
  folder_.write("m/all.json", R"({"path": "a.raw", "dtype": "u1", "shape": [-1]})");
  CatalogOptions options;
  options.settle = std::chrono::hours(1);
  const auto catalog = Catalog::open(folder_ / "m", options);
  ASSERT_TRUE(catalog.ok());
  const auto found = (*catalog)->find("", "all.raw");
  make_cold(path);
  read_all(*std::get<CatalogEntry>(found).snapshot, 0, 64 * kMebi);
  EXPECT_EQ(resident_bytes(path), 64 * kMebi);
}

TEST_F(PagingTest, ForbiddenItAsksForNothing) {
  const std::string path = source("a", 64 * kMebi);
  const auto snapshot = make_snapshot({{path, {64 * kMebi}}}, kByte, 100, Order::c,
                                      {.maps = Use::never, .prefetch = Use::never});
  make_cold(path);
  read(*snapshot, 32 * kMebi, 1);
  EXPECT_LE(resident_bytes(path), 32 * kKibi);
}

TEST_F(PagingTest, ForcedToDropItLeavesNothing) {
  const std::string path = source("a", 8 * kMebi);
  const auto snapshot =
      make_snapshot({{path, {8 * kMebi}}}, kByte, 100, Order::c, {.drop_behind = Use::always});
  read_all(*snapshot, 0, 8 * kMebi);
  EXPECT_LE(resident_bytes(path), 5 * kMebi);
}

}  // namespace
}  // namespace ndcat
