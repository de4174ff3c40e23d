// Writing through a snapshot of real files, without a mount.
#include <gtest/gtest.h>
#include <unistd.h>

#include <fstream>
#include <iterator>

#include "fs/files/snapshot_writer.h"
#include "tests/fs/made_snapshot.h"
#include "tests/fs/temp_folder.h"

namespace ndcat::testing {
namespace {

const Dtype kU4 = Dtype::simple(Kind::unsigned_integer, 4);

std::span<const std::byte> bytes(const std::string& text) { return std::as_bytes(std::span(text)); }

/// "ok", or the number of the error.
std::string outcome(const std::optional<ReadFailure>& failure) {
  return failure ? std::to_string(failure->error_number) : "ok";
}

/// Two raw sources with a head of 4 bytes each, 3 and 2 elements.
class Writing : public ::testing::Test {
 protected:
  Writing() {
    write("a", "HEAD" + std::string("aaaabbbbcccc"));
    write("b", "head" + std::string("ddddeeee"));
    snapshot_ = make_snapshot({{(folder_ / "a"), {3}, 4}, {(folder_ / "b"), {2}, 4}}, kU4, 100, Order::c, {},
                              Access::read_write);
    writer_ = snapshot_->writer();
  }
  void write(const std::string& name, const std::string& text) {
    std::ofstream((folder_ / name), std::ios::binary) << text;
  }
  [[nodiscard]] std::string content(const std::string& name) const {
    std::ifstream file(folder_ / name, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
  }

  TempFolder folder_;
  std::unique_ptr<FileSnapshot> snapshot_;
  SnapshotWriter* writer_ = nullptr;
};

TEST_F(Writing, GoesToTheSources) {
  ASSERT_NE(writer_, nullptr);
  EXPECT_EQ(outcome(writer_->may_write()), "ok");
  EXPECT_EQ(outcome(writer_->write(VirtualKind::raw, 9, bytes("12345678"))), "ok");
  EXPECT_EQ(content("a"), "HEADaaaabbbbc123");
  EXPECT_EQ(content("b"), "head45678eee");
  EXPECT_EQ(read_text(*snapshot_, 8, 12), "c12345678eee");
}

TEST_F(Writing, OfPagesOnlyElementsThatHaveChanged) {
  const std::string before = "aaaabbbbccccddddeeee";
  write("a", "HEADAAAABBBBCCCC");  // by somebody else, meanwhile
  std::string page = before;
  page.replace(5, 1, "x");
  page.replace(16, 4, "yyyy");
  EXPECT_EQ(outcome(writer_->write_changes(VirtualKind::raw, 0, bytes(page), bytes(before))), "ok");
  EXPECT_EQ(content("a"), "HEADAAAAbxbbCCCC") << "the number is written whole, its neighbours are not";
  EXPECT_EQ(content("b"), "headddddyyyy");
}

TEST_F(Writing, BesideAHeaderThatWasStoredToElementsAreWritten) {
  const std::string before = read_text(*snapshot_, 0, 132, VirtualKind::npy);
  std::string page = before;
  page.replace(128, 4, "xxxx");
  page.replace(60, 1, "!");
  EXPECT_EQ(outcome(writer_->write_changes(VirtualKind::npy, 0, bytes(page), bytes(before))),
            std::to_string(EPERM));
  EXPECT_EQ(content("a"), "HEADxxxxbbbbcccc");
  // A page may show what a write was refused, until it is dropped: nobody has stored that.
  std::string shown = page;
  page.replace(128, 4, "yyyy");
  EXPECT_EQ(outcome(writer_->write_changes(VirtualKind::npy, 0, bytes(page), bytes(shown))), "ok");
  EXPECT_EQ(content("a"), "HEADyyyybbbbcccc");
}

TEST_F(Writing, NeverPastTheEndAndNeverToTheHeader) {
  EXPECT_EQ(outcome(writer_->write(VirtualKind::raw, 20, bytes("x"))), std::to_string(EFBIG));
  EXPECT_EQ(outcome(writer_->write(VirtualKind::raw, 17, bytes("xxxx"))), std::to_string(EFBIG));
  EXPECT_EQ(outcome(writer_->write(VirtualKind::npy, 0, bytes("x"))), std::to_string(EPERM));
  const std::string header = read_text(*snapshot_, 0, 128, VirtualKind::npy);
  EXPECT_EQ(outcome(writer_->write(VirtualKind::npy, 0, bytes(header + "zz"))), "ok");
  EXPECT_EQ(content("a"), "HEADzzaabbbbcccc");
  EXPECT_EQ(content("b"), "headddddeeee");
}

TEST_F(Writing, OfASourceThatIsAnotherFileFails) {
  EXPECT_EQ(outcome(writer_->may_write()), "ok");
  write("new", content("a"));
  ASSERT_EQ(::rename((folder_ / "new").c_str(), (folder_ / "a").c_str()), 0);
  EXPECT_EQ(outcome(writer_->write(VirtualKind::raw, 0, bytes("x"))), std::to_string(ESTALE));
  EXPECT_EQ(content("a"), "HEADaaaabbbbcccc");
  EXPECT_EQ(::truncate((folder_ / "b").c_str(), 6), 0);
  EXPECT_EQ(outcome(writer_->write(VirtualKind::raw, 16, bytes("xxxx"))), std::to_string(ESTALE));
  EXPECT_EQ(content("b"), "headdd");
}

TEST_F(Writing, OfASourceThatWasRenamedBetweenTwoWritesFails) {
  EXPECT_EQ(outcome(writer_->write(VirtualKind::raw, 0, bytes("x"))), "ok");
  EXPECT_EQ(outcome(writer_->write(VirtualKind::raw, 1, bytes("y"))), "ok");
  ASSERT_EQ(::rename((folder_ / "a").c_str(), (folder_ / "away").c_str()), 0);
  write("a", "HEADaaaabbbbcccc");
  EXPECT_EQ(outcome(writer_->write(VirtualKind::raw, 2, bytes("z"))), std::to_string(ESTALE));
  EXPECT_EQ(content("away"), "HEADxyaabbbbcccc");
  EXPECT_EQ(content("a"), "HEADaaaabbbbcccc");
}

TEST_F(Writing, EachOpenFileLearnsOfAFailureOnce) {
  // One handle at most, so that a's is closed again; when it is to be synced, the file is gone.
  snapshot_ = make_snapshot({{folder_ / "a", {3}, 4}, {folder_ / "b", {2}, 4}}, kU4, 1, Order::c, {},
                            Access::read_write);
  writer_ = snapshot_->writer();
  SeenFailures mine = writer_->all_seen(), other = mine;
  EXPECT_EQ(outcome(writer_->write(VirtualKind::raw, 0, bytes("x"))), "ok");
  EXPECT_EQ(outcome(writer_->sync(false, mine)), "ok");
  EXPECT_EQ(outcome(writer_->write(VirtualKind::raw, 0, bytes("x"))), "ok");
  EXPECT_EQ(outcome(writer_->write(VirtualKind::raw, 12, bytes("y"))), "ok");
  ASSERT_EQ(::rename((folder_ / "a").c_str(), (folder_ / "away").c_str()), 0);
  EXPECT_EQ(outcome(writer_->sync(false, mine)), std::to_string(ESTALE));
  EXPECT_EQ(outcome(writer_->finish(mine)), "ok");
  EXPECT_EQ(outcome(writer_->finish(other)), std::to_string(ESTALE));
  EXPECT_EQ(outcome(writer_->finish(other)), "ok");
  ASSERT_EQ(::rename((folder_ / "away").c_str(), (folder_ / "a").c_str()), 0);
  EXPECT_EQ(outcome(writer_->sync(false, mine)), "ok");
}

TEST_F(Writing, IsNotThereUnlessTheManifestAsksForIt) {
  snapshot_ = make_snapshot({{(folder_ / "a"), {3}, 4}}, kU4);
  EXPECT_EQ(snapshot_->writer(), nullptr);
  EXPECT_EQ(snapshot_->write_obstacle(), "");
  snapshot_ = make_snapshot({{(folder_ / "a"), {3}, 4}, {(folder_ / "a"), {3}, 4}}, kU4, 100, Order::c, {},
                            Access::read_write);
  EXPECT_EQ(snapshot_->writer(), nullptr);
  EXPECT_NE(snapshot_->write_obstacle().find("another part shows too"), std::string::npos);
}

}  // namespace
}  // namespace ndcat::testing
