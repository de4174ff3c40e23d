// The small tables of the mount: inodes, listings, buffers, and the log of failures.

#include <gtest/gtest.h>

#include <chrono>
#include <memory>
#include <set>

#include "fs/mount/failure_log.h"
#include "fs/mount/inodes.h"
#include "fs/mount/listings.h"
#include "fs/mount/paths.h"
#include "fs/mount/read_buffers.h"
#include "tests/support/fake_snapshot.h"

namespace ndcat {
namespace {

std::shared_ptr<const Snapshot> new_snapshot() {
  return std::make_shared<FakeSnapshot>(FakeFile{.size = 10});
}

TEST(InodeTable, ASnapshotsFilesKeepTheirNumbersAndANewSnapshotHasNewOnes) {
  InodeTable table;
  const auto first = new_snapshot();
  const auto raw = table.look_up_file({.snapshot = first, .kind = VirtualKind::raw});
  const auto npy = table.look_up_file({.snapshot = first, .kind = VirtualKind::npy});
  EXPECT_NE(raw->number, npy->number);
  EXPECT_EQ(table.look_up_file({.snapshot = first, .kind = VirtualKind::raw})->number, raw->number);
  EXPECT_EQ(InodeTable::file_number(*first, VirtualKind::raw), raw->number);
  EXPECT_NE(table.look_up_file({.snapshot = new_snapshot(), .kind = VirtualKind::raw})->number, raw->number);
}

TEST(InodeTable, FoldersAndFilesNeverShareANumber) {
  InodeTable table;
  std::set<InodeNumber> numbers = {kRootInode};
  for (int i = 0; i < 100; ++i) {
    EXPECT_TRUE(numbers.insert(table.look_up_folder("folder" + std::to_string(i))->number).second);
    const auto snapshot = new_snapshot();
    for (const VirtualKind kind :
         {VirtualKind::npy, VirtualKind::raw, VirtualKind::json, VirtualKind::error}) {
      EXPECT_TRUE(numbers.insert(table.look_up_file({.snapshot = snapshot, .kind = kind})->number).second);
    }
  }
}

TEST(InodeTable, ANodeLivesUntilItsLastLookupIsForgotten) {
  InodeTable table;
  auto snapshot = new_snapshot();
  const std::weak_ptr<const Snapshot> watched = snapshot;
  const InodeNumber number = table.look_up_file({.snapshot = snapshot, .kind = VirtualKind::raw})->number;
  table.look_up_file({.snapshot = std::move(snapshot), .kind = VirtualKind::raw});
  snapshot.reset();
  table.forget(number, 1);
  EXPECT_NE(table.find(number), nullptr);
  table.forget(number, 1);
  EXPECT_EQ(table.find(number), nullptr);
  EXPECT_TRUE(watched.expired());
  table.forget(number, 1);  // of a number that is not known: nothing
}

TEST(InodeTable, TheRootIsNeverForgottenAndAFolderKeepsItsNumber) {
  InodeTable table;
  table.forget(kRootInode, 1000);
  ASSERT_NE(table.find(kRootInode), nullptr);
  EXPECT_TRUE(table.find(kRootInode)->is_folder());
  const InodeNumber number = table.look_up_folder("runs")->number;
  table.forget(number, 1);
  EXPECT_EQ(table.find(number), nullptr);
  EXPECT_EQ(table.look_up_folder("runs")->number, number);
}

TEST(Listings, AListingBelongsToItsHandle) {
  Listings listings;
  const auto a = listings.open();
  const auto b = listings.open();
  EXPECT_NE(a, b);
  EXPECT_EQ(listings.get(a), nullptr);
  const auto listing = std::make_shared<const std::vector<CatalogEntry>>();
  listings.set(a, listing);
  EXPECT_EQ(listings.get(a), listing);
  EXPECT_EQ(listings.get(b), nullptr);
  listings.close(a);
  EXPECT_EQ(listings.get(a), nullptr);
  listings.set(a, listing);  // closed meanwhile
  EXPECT_EQ(listing.use_count(), 1);
}

TEST(ReadBuffers, GivesOutBeyondItsLimitJustWhatIsNeeded) {
  ReadBuffers buffers(std::size_t{2} << 20);
  const std::byte* first = nullptr;
  {
    const auto pooled = buffers.borrow(1);
    EXPECT_GE(pooled.bytes().size(), kMaxRequest);
    first = pooled.bytes().data();
    const auto apart = buffers.borrow(5000);
    EXPECT_NE(apart.bytes().data(), first);
    EXPECT_EQ(apart.bytes().size(), 8192U);
  }
  EXPECT_EQ(buffers.borrow(5000).bytes().data(), first) << "what was apart is not kept";
}

TEST(FailureLog, TheSameMessageComesOnceAMinute) {
  FailureLog log;
  const FailureLog::Clock::time_point start = FailureLog::Clock::now();
  EXPECT_TRUE(log.report("a.npy is gone", start));
  EXPECT_FALSE(log.report("a.npy is gone", start + std::chrono::seconds(30)));
  EXPECT_TRUE(log.report("b.npy is gone", start + std::chrono::seconds(31)));
  EXPECT_TRUE(log.report("a.npy is gone", start + std::chrono::seconds(61)));
}

TEST(FailureLog, AMinuteHasAtMostAHundredMessages) {
  FailureLog log;
  const auto now = FailureLog::Clock::now();
  int written = 0;
  for (int i = 0; i < 1000; ++i) written += log.report("message " + std::to_string(i), now) ? 1 : 0;
  EXPECT_EQ(written, 100);
}

TEST(Paths, TheRootIsEmpty) {
  EXPECT_EQ(join("", "a"), "a");
  EXPECT_EQ(join("a", "b"), "a/b");
  EXPECT_EQ(parent("a/b"), "a");
  EXPECT_EQ(parent("a"), "");
  EXPECT_EQ(parent(""), "");
}

}  // namespace
}  // namespace ndcat
