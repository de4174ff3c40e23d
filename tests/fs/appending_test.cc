// Appending to the last source of a catalog's manifest, without a mount.
#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/file.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <fstream>
#include <iterator>
#include <optional>
#include <thread>

#include "fs/files/catalog.h"
#include "fs/files/descriptor.h"
#include "fs/files/snapshot_writer.h"
#include "tests/fs/made_snapshot.h"
#include "tests/fs/temp_folder.h"

namespace ndcat {
namespace {

using testing::npy_bytes;
using testing::read_text;
using testing::TempFolder;

const Dtype kByte = Dtype::simple(Kind::unsigned_integer, 1);

std::span<const std::byte> bytes(const std::string& text) { return std::as_bytes(std::span(text)); }

/// "ok", or the number of the error.
std::string outcome(const std::optional<ReadFailure>& failure) {
  return failure ? std::to_string(failure->error_number) : "ok";
}

/// Rows of two bytes: head.npy, and tail.npy or tail.raw.
class Appending : public ::testing::Test {
 protected:
  void SetUp() override {
    temp_.write("head.npy", npy_bytes(kByte, {1, 2}, "aa"));
    temp_.write("tail.npy", npy_bytes(kByte, {2, 2}, "bbcc"));
    temp_.write("tail.raw", "bbcc");
    temp_.write("npy.json",
                R"({"concatenate": ["head.npy", "tail.npy"], "mode": "r+", "append": "tail.npy"})");
    temp_.write("raw.json",
                R"({"concatenate": ["head.npy", {"path": "tail.raw", "dtype": "u1", "shape": [-1, 2]}],
                                "mode": "r+", "append": "tail.raw"})");
    CatalogOptions options;
    options.writable = true;
    auto opened = Catalog::open(temp_.path(), std::move(options));
    ASSERT_TRUE(opened.ok()) << opened.error().message;
    catalog_ = *std::move(opened);
  }
  std::shared_ptr<const Snapshot> find(const std::string& name) {
    const auto found = catalog_->find("", name);
    return std::get<CatalogEntry>(found).snapshot;
  }
  std::string content(const std::string& name) {
    std::ifstream file(temp_ / name, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
  }
  TempFolder temp_;
  std::unique_ptr<Catalog> catalog_;
};

class AppendingToEither : public Appending, public ::testing::WithParamInterface<const char*> {};
INSTANTIATE_TEST_SUITE_P(Tails, AppendingToEither, ::testing::Values("npy.raw", "raw.raw"));

TEST_P(AppendingToEither, ASnapshotKeepsItsRowsAndTheNextHasMore) {
  const auto before = find(GetParam());
  SnapshotWriter& writer = *before->writer();
  EXPECT_EQ(writer.append_obstacle(), "");
  EXPECT_EQ(outcome(writer.may_append()), "ok");
  EXPECT_EQ(std::get<std::size_t>(writer.append(bytes("dde"))), 3u);
  EXPECT_EQ(read_text(*before, 0, 100), "aabbcc");
  EXPECT_EQ(std::get<Index>(writer.end_of_tail()), 9);
  EXPECT_EQ(read_text(*find(GetParam()), 0, 100), "aabbccdd");
  EXPECT_EQ(std::get<std::size_t>(writer.append(bytes("eff"))), 3u);
  EXPECT_EQ(read_text(*find(GetParam()), 0, 100), "aabbccddeeff");
}

TEST_P(AppendingToEither, AnArrayThatHasOnlyGrownMayStillBeOpened) {
  const auto before = find(GetParam());
  EXPECT_TRUE(catalog_->is_current(*before));
  static_cast<void>(before->writer()->append(bytes("ddee")));
  SeenFailures seen;
  EXPECT_EQ(outcome(before->writer()->finish(seen)), "ok");
  EXPECT_TRUE(catalog_->is_current(*before));
  EXPECT_NE(find(GetParam()), before);
  EXPECT_EQ(read_text(*before, 0, 100), "aabbcc") << "also after its header tells of more";
  temp_.write("head.npy", npy_bytes(kByte, {2, 2}, "aaaa"));
  EXPECT_FALSE(catalog_->is_current(*before));
}

TEST_P(AppendingToEither, WritesAtTheEndAreSeenByWhoHasTheSameFile) {
  const auto snapshot = find(GetParam());
  SnapshotWriter& writer = *snapshot->writer();
  EXPECT_EQ(outcome(writer.write(VirtualKind::raw, 7, bytes("x"))), std::to_string(EFBIG)) << "a gap";
  EXPECT_EQ(outcome(writer.write(VirtualKind::raw, 5, bytes("Cdde"))), "ok");
  EXPECT_EQ(read_text(*snapshot, 0, 100), "aabbcCdde");
  EXPECT_EQ(read_text(*snapshot, 7, 100), "de");
  EXPECT_EQ(outcome(writer.write(VirtualKind::raw, 7, bytes("DEF"))), "ok");
  EXPECT_EQ(read_text(*snapshot, 4, 100), "cCdDEF");
  EXPECT_EQ(outcome(writer.write_changes(VirtualKind::raw, 4, bytes("cCd_EF"), bytes("cCdDEF"))), "ok");
  EXPECT_EQ(read_text(*find(GetParam()), 0, 100), "aabbcCd_EF");
  EXPECT_EQ(read_text(*snapshot, 0, 10'000, VirtualKind::npy), npy_bytes(kByte, {3, 2}, "aabbcC"));
}

TEST_P(AppendingToEither, WhatOthersHaveCutOffIsNotFilled) {
  const auto snapshot = find(GetParam());
  EXPECT_EQ(outcome(snapshot->writer()->write(VirtualKind::raw, 6, bytes("ddee"))), "ok");
  const std::string name = std::string(GetParam()) == "npy.raw" ? "tail.npy" : "tail.raw";
  const std::string before = content(name).substr(0, content(name).size() - 4);
  ASSERT_EQ(::truncate((temp_ / name).c_str(), static_cast<off_t>(before.size())), 0);
  EXPECT_EQ(outcome(snapshot->writer()->write(VirtualKind::raw, 8, bytes("xx"))), std::to_string(ESTALE));
  EXPECT_EQ(content(name), before);
}

TEST_P(AppendingToEither, WhatOthersHaveAddedIsNotWrittenOver) {
  const auto snapshot = find(GetParam());
  EXPECT_EQ(std::get<std::size_t>(snapshot->writer()->append(bytes("d"))), 1u);
  EXPECT_EQ(outcome(snapshot->writer()->write(VirtualKind::raw, 6, bytes("xx"))), std::to_string(ESTALE));
  EXPECT_EQ(std::get<std::size_t>(snapshot->writer()->append(bytes("d"))), 1u);
  EXPECT_EQ(read_text(*find(GetParam()), 0, 100), "aabbccdd");
}

TEST_P(AppendingToEither, ASyncCoversWhatWasWrittenThroughAnEarlierSnapshot) {
  const auto before = find(GetParam());
  static_cast<void>(before->writer()->append(bytes("dd")));
  const auto after = find(GetParam());
  ASSERT_NE(before, after);
  EXPECT_EQ(outcome(before->writer()->write(VirtualKind::raw, 0, bytes("x"))), "ok");
  // Not to be found, so that it is seen that it was looked for.
  ASSERT_EQ(::rename((temp_ / "head.npy").c_str(), (temp_ / "away.npy").c_str()), 0);
  SeenFailures seen = after->writer()->all_seen();
  EXPECT_EQ(outcome(after->writer()->sync(false, seen)), std::to_string(ESTALE));
  ASSERT_EQ(::rename((temp_ / "away.npy").c_str(), (temp_ / "head.npy").c_str()), 0);
  EXPECT_EQ(outcome(after->writer()->sync(false, seen)), "ok");
}

TEST_F(Appending, TheHeaderFollowsWhenTheRowsLast) {
  const auto snapshot = find("npy.raw");
  SnapshotWriter& writer = *snapshot->writer();
  const std::string before = content("tail.npy");
  static_cast<void>(writer.append(bytes("ddeef")));
  EXPECT_EQ(content("tail.npy"), before + "ddeef");
  SeenFailures seen;
  EXPECT_EQ(outcome(writer.sync(true, seen)), "ok");
  EXPECT_EQ(content("tail.npy"), npy_bytes(kByte, {4, 2}, "bbccddeef"));
  static_cast<void>(writer.append(bytes("f")));
  EXPECT_EQ(outcome(writer.finish(seen)), "ok");
  EXPECT_EQ(content("tail.npy"), npy_bytes(kByte, {5, 2}, "bbccddeeff"));
}

/// A header of which no digit can become two.
std::string header_without_room(const Shape& shape) {
  std::string header = npy_bytes(kByte, shape, "");
  header.resize(header.find('}') + 1);
  header[8] = static_cast<char>(header.size() - 10);
  return header;
}

TEST_F(Appending, AHeaderWithoutRoomIsWrittenAnewOnce) {
  temp_.write("tail.npy", header_without_room({2, 2}) + "bbcc");
  temp_.write(".tail.npy.ndcat-new", "of a run that was killed");
  const auto before = find("npy.raw");
  EXPECT_EQ(read_text(*before, 0, 100), "aabbcc");
  EXPECT_EQ(outcome(before->writer()->may_append()), std::to_string(ESTALE));
  EXPECT_EQ(content("tail.npy"), npy_bytes(kByte, {2, 2}, "bbcc"));
  EXPECT_EQ(outcome(before->writer()->may_append()), std::to_string(ESTALE)) << "it is another file's";
  EXPECT_NE(::access((temp_ / ".tail.npy.ndcat-new").c_str(), F_OK), 0);
  EXPECT_FALSE(catalog_->is_current(*before));
  EXPECT_EQ(outcome(find("npy.raw")->writer()->may_append()), "ok");
}

TEST_F(Appending, TwoProcessesDoNotWriteOneFileAnew) {
  const std::string tight = header_without_room({2, 2}) + "bbcc";
  temp_.write("tail.npy", tight);
  const auto snapshot = find("npy.raw");
  {
    const Descriptor other(::open((temp_ / "tail.npy").c_str(), O_RDONLY));
    ASSERT_EQ(::flock(other.get(), LOCK_EX), 0);
    EXPECT_EQ(outcome(snapshot->writer()->may_append()), std::to_string(EBUSY));
    EXPECT_EQ(content("tail.npy"), tight);
  }
  EXPECT_EQ(outcome(snapshot->writer()->may_append()), std::to_string(ESTALE));
  EXPECT_EQ(content("tail.npy"), npy_bytes(kByte, {2, 2}, "bbcc"));
}

TEST_F(Appending, NoWriteIsLostWhileTheFileIsWrittenAnew) {
  constexpr Index kRows = Index{8} << 20, kHead = 2;  // some ten milliseconds to copy
  temp_.write("tail.npy", header_without_room({kRows, 2}) + std::string(2 * kRows, '.'));
  const auto snapshot = find("npy.raw");
  std::atomic<Index> written = 0;
  std::atomic<bool> has_begun = false;
  std::optional<ReadFailure> failure;
  std::thread writer([&] {
    for (Index at = kHead; !failure && at < 2 * kRows; ++at) {
      failure = snapshot->writer()->write(VirtualKind::raw, at, bytes("x"));
      if (!failure) ++written;
      has_begun = true;
    }
  });
  while (!has_begun) std::this_thread::yield();
  EXPECT_EQ(outcome(snapshot->writer()->may_append()), std::to_string(ESTALE));
  writer.join();
  EXPECT_EQ(outcome(failure), std::to_string(ESTALE));
  const std::string now = content("tail.npy").substr(npy_bytes(kByte, {kRows, 2}, "").size());
  EXPECT_EQ(std::ranges::count(now, 'x'), written);
}

}  // namespace
}  // namespace ndcat
