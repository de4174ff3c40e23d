// lseek's SEEK_DATA and SEEK_HOLE.
#include <gtest/gtest.h>

#include "fs/files/zero_runs.h"
#include "tests/fs/made_snapshot.h"
#include "tests/fs/temp_folder.h"

namespace ndcat {
namespace {

using testing::make_snapshot;
using testing::overwrite;
using testing::pattern;
using testing::TempFolder;

const Dtype kByte = Dtype::simple(Kind::unsigned_integer, 1);
constexpr Index kMebi = Index{1} << 20;
constexpr std::byte kZero[1] = {};
constexpr std::byte kOne[1] = {std::byte{1}};

FileLayout plan(std::vector<ArrayView> views, Index axis = 0) {
  Result<ArrayView> whole = concatenate(std::move(views), axis);
  EXPECT_TRUE(whole.ok());
  Result<FileLayout> layout = FileLayout::plan(*whole, Order::c);
  EXPECT_TRUE(layout.ok());
  return *std::move(layout);
}

ArrayView full(const Shape& shape, std::span<const std::byte> value) {
  Result<ArrayView> view = full_view(kByte, shape, value);
  EXPECT_TRUE(view.ok());
  return *std::move(view);
}

std::optional<Index> nothing_known(SourceId, Index, ZeroRuns::Seek) { return std::nullopt; }

TEST(ZeroRuns, AreTheLongZeroFills) {
  const ZeroRuns runs(
      plan({full({kMebi}, kOne), full({kMebi}, kZero), full({kMebi}, kZero), full({kMebi}, kOne)}));
  EXPECT_EQ(runs.next_hole(0, nothing_known), kMebi);
  EXPECT_EQ(runs.next_hole(kMebi + 5, nothing_known), kMebi + 5);
  EXPECT_EQ(runs.next_data(kMebi + 5, nothing_known), 3 * kMebi);
  EXPECT_EQ(runs.next_data(7, nothing_known), 7);
  EXPECT_EQ(runs.next_hole(3 * kMebi, nothing_known), 4 * kMebi);
}

TEST(ZeroRuns, AreNotTheShortOnes) {
  const ZeroRuns runs(plan({full({1000, 100}, kOne), full({1000, 100}, kZero)}, 1));
  EXPECT_EQ(runs.next_hole(0, nothing_known), 200 * 1000);
  EXPECT_EQ(runs.next_data(150, nothing_known), 150);
}

TEST(ZeroRuns, OfRowsThatAreLongEnough) {
  const ZeroRuns runs(plan({full({5, 100'000}, kOne), full({5, 200'000}, kZero)}, 1));
  for (Index row = 0; row < 5; ++row) {
    EXPECT_EQ(runs.next_hole(row * 300'000, nothing_known), row * 300'000 + 100'000);
    EXPECT_EQ(runs.next_data(row * 300'000 + 100'000, nothing_known), (row + 1) * 300'000);
  }
}

TEST(ZeroRuns, OfATebibyteAreFoundAtOnce) {
  const ZeroRuns runs(
      plan({full({kMebi, kMebi}, kZero), full({1, kMebi}, kOne), full({kMebi, kMebi}, kZero)}));
  EXPECT_EQ(runs.next_hole(0, nothing_known), 0);
  EXPECT_EQ(runs.next_data(5, nothing_known), kMebi * kMebi);
  EXPECT_EQ(runs.next_hole(kMebi * kMebi, nothing_known), kMebi * kMebi + kMebi);
  EXPECT_EQ(runs.next_data(kMebi * kMebi + kMebi, nothing_known), kMebi * kMebi * 2 + kMebi);
}

class SparseSource : public ::testing::Test {
 protected:
  void SetUp() override {
    // Data in [2, 3) MiB of 6; the rest is a hole, if the file system of temporary files has any.
    temp.write("a.raw", "");
    std::filesystem::resize_file(temp / "a.raw", 6 * kMebi);
    overwrite(temp / "a.raw", 2 * kMebi, pattern(kMebi));
    snapshot = make_snapshot({{temp / "a.raw", {6 * kMebi}}}, kByte);
    header = snapshot->header_size(VirtualKind::npy);
    if (snapshot->seek_hole(VirtualKind::raw, 0) != 0) GTEST_SKIP() << "no holes here";
  }
  TempFolder temp;
  std::unique_ptr<FileSnapshot> snapshot;
  Index header = 0;
};

TEST_F(SparseSource, ShowsItsHoles) {
  EXPECT_EQ(snapshot->seek_data(VirtualKind::raw, 0), 2 * kMebi);
  EXPECT_EQ(snapshot->seek_hole(VirtualKind::raw, 2 * kMebi), 3 * kMebi);
  EXPECT_EQ(snapshot->seek_data(VirtualKind::raw, 3 * kMebi), std::nullopt) << "zeros to the end";
  EXPECT_EQ(snapshot->seek_hole(VirtualKind::raw, 5 * kMebi), 5 * kMebi);
  EXPECT_EQ(snapshot->seek_hole(VirtualKind::raw, 6 * kMebi), std::nullopt);
  EXPECT_EQ(snapshot->seek_data(VirtualKind::raw, -1), std::nullopt);
}

TEST_F(SparseSource, LiesBehindTheHeader) {
  EXPECT_EQ(snapshot->seek_data(VirtualKind::npy, 0), 0);
  EXPECT_EQ(snapshot->seek_data(VirtualKind::npy, header - 1), header - 1);
  EXPECT_EQ(snapshot->seek_hole(VirtualKind::npy, 0), header);
  EXPECT_EQ(snapshot->seek_data(VirtualKind::npy, header), header + 2 * kMebi);
}

TEST_F(SparseSource, IsAskedAgainAfterAWrite) {
  overwrite(temp / "a.raw", 0, pattern(10));
  EXPECT_EQ(snapshot->seek_data(VirtualKind::raw, 0), 0);
}

TEST_F(SparseSource, HasNoHolesAnyMoreOnceItIsTruncated) {
  std::filesystem::resize_file(temp / "a.raw", 1000);
  EXPECT_EQ(snapshot->seek_data(VirtualKind::raw, 4 * kMebi), 4 * kMebi)
      << "reading there must fail, not be skipped";
  EXPECT_EQ(snapshot->seek_hole(VirtualKind::raw, 4 * kMebi), 6 * kMebi);
}

TEST(Seek, OfDataAllThrough) {
  TempFolder temp;
  const auto snapshot = make_snapshot({{temp.write("a", pattern(2 * kMebi)), {2 * kMebi}}}, kByte);
  EXPECT_EQ(snapshot->seek_data(VirtualKind::raw, 77), 77);
  EXPECT_EQ(snapshot->seek_hole(VirtualKind::raw, 77), 2 * kMebi);
  const Index json = snapshot->attributes(VirtualKind::json).size;
  EXPECT_EQ(snapshot->seek_data(VirtualKind::json, 3), 3);
  EXPECT_EQ(snapshot->seek_hole(VirtualKind::json, 3), json);
  EXPECT_EQ(snapshot->seek_data(VirtualKind::json, json), std::nullopt);
}

TEST(Seek, OfNothing) {
  TempFolder temp;
  const auto snapshot = make_snapshot({{temp.write("a", ""), {0}}}, kByte);
  EXPECT_EQ(snapshot->seek_data(VirtualKind::raw, 0), std::nullopt);
  EXPECT_EQ(snapshot->seek_hole(VirtualKind::raw, 0), std::nullopt);
}

}  // namespace
}  // namespace ndcat
