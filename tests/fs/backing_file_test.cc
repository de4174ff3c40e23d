// The source that a virtual file is byte for byte. (What the kernel makes of it needs a newer libfuse; see
// tests/mount/test_passthrough.py.)
#include <gtest/gtest.h>
#include <unistd.h>

#include "tests/fs/made_snapshot.h"
#include "tests/fs/temp_folder.h"

namespace ndcat {
namespace {

using testing::make_snapshot;
using testing::npy_bytes;
using testing::overwrite;
using testing::pattern;
using testing::TempFolder;

const Dtype kInt = Dtype::simple(Kind::signed_integer, 4);
const Shape kShape = {10, 7};
constexpr std::size_t kBytes = 10 * 7 * 4;

// Its content, or "none".
std::string backing(const Snapshot& snapshot, VirtualKind kind) {
  const Descriptor file = snapshot.open_backing_file(kind);
  if (!file.is_open()) return "none";
  std::string content(100'000, '\0');
  const ssize_t size = ::pread(file.get(), content.data(), content.size(), 0);
  content.resize(size < 0 ? 0 : static_cast<std::size_t>(size));
  return content;
}

class BackingFile : public ::testing::Test {
 protected:
  std::unique_ptr<FileSnapshot> snapshot_of(const std::string& content, Index array_begin) {
    return make_snapshot({{folder_.write("a", content), kShape, array_begin}}, kInt);
  }
  const TempFolder folder_;
  const std::string data_ = pattern(kBytes);
  const std::string saved_ = npy_bytes(kInt, kShape, data_);
  const Index header_ = static_cast<Index>(saved_.size() - kBytes);
};

TEST_F(BackingFile, IsTheSourceWithTheHeaderThatNumPyWouldWrite) {
  const auto snapshot = snapshot_of(saved_, header_);
  EXPECT_EQ(backing(*snapshot, VirtualKind::npy), saved_);
  EXPECT_EQ(backing(*snapshot, VirtualKind::raw), "none");
  EXPECT_EQ(backing(*snapshot, VirtualKind::json), "none");
}

TEST_F(BackingFile, IsARawSourceWithoutAHeader) {
  const auto snapshot = snapshot_of(data_, 0);
  EXPECT_EQ(backing(*snapshot, VirtualKind::raw), data_);
  EXPECT_EQ(backing(*snapshot, VirtualKind::npy), "none");
}

TEST_F(BackingFile, IsNoneWhenAByteOfTheHeaderDiffers) {
  std::string other = saved_;
  other[other.find("'descr'")] = '"';
  other[other.find("descr'") + 5] = '"';  // NumPy reads that, and never writes it
  EXPECT_EQ(backing(*snapshot_of(other, header_), VirtualKind::npy), "none");
}

TEST_F(BackingFile, IsNoneWithBytesBesideTheArray) {
  EXPECT_EQ(backing(*snapshot_of(data_ + "x", 0), VirtualKind::raw), "none");
  EXPECT_EQ(backing(*snapshot_of("four" + data_, 4), VirtualKind::raw), "none");
}

TEST_F(BackingFile, IsNoneForTwoSources) {
  const std::string a = folder_.write("a", data_), b = folder_.write("b", data_);
  const auto snapshot = make_snapshot({{a, kShape}, {b, kShape}}, kInt);
  EXPECT_EQ(backing(*snapshot, VirtualKind::raw), "none");
}

TEST_F(BackingFile, IsNoneOnceTheSourceIsAnother) {
  const auto replaced = snapshot_of(data_, 0);
  folder_.replace("a", data_);
  EXPECT_EQ(backing(*replaced, VirtualKind::raw), "none");
  const auto cut_short = snapshot_of(data_, 0);
  folder_.write("a", "short");
  EXPECT_EQ(backing(*cut_short, VirtualKind::raw), "none");
  const auto grown = snapshot_of(data_, 0);
  folder_.write("a", data_ + "more");
  EXPECT_EQ(backing(*grown, VirtualKind::raw), "none");
}

TEST_F(BackingFile, IsTheSourceAsItIsNow) {
  const auto snapshot = snapshot_of(data_, 0);
  overwrite(folder_ / "a", 5, "new");
  EXPECT_EQ(backing(*snapshot, VirtualKind::raw), std::string(data_).replace(5, 3, "new"));
}

}  // namespace
}  // namespace ndcat
