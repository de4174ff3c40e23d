#include <gtest/gtest.h>

#include <random>

#include "tests/fs/made_snapshot.h"
#include "tests/fs/temp_folder.h"

namespace ndcat {
namespace {

using testing::MadeSource;
using testing::make_snapshot;
using testing::npy_bytes;
using testing::overwrite;
using testing::pattern;
using testing::read_text;
using testing::TempFolder;

const Dtype kByte = Dtype::simple(Kind::unsigned_integer, 1);
constexpr std::size_t kMebi = std::size_t{1} << 20;

/// Large sources are mapped and small ones read by pread, straight or by way of panels; faults must be found
/// either way.
class SnapshotFaults : public ::testing::TestWithParam<std::tuple<std::size_t, Use>> {
 protected:
  void SetUp() override {
    a = pattern(size, 1);
    b = pattern(size, 2);
    temp.write("a.raw", a);
    temp.write("b.raw", b);
    const Index extent = static_cast<Index>(size);
    Mechanisms mechanisms;
    mechanisms.panels = std::get<Use>(GetParam());
    snapshot = make_snapshot({{temp / "a.raw", {extent}}, {temp / "b.raw", {extent}}}, kByte, 100, Order::c,
                             mechanisms);
  }
  const std::size_t size = std::get<std::size_t>(GetParam());
  TempFolder temp;
  std::string a, b;
  std::unique_ptr<FileSnapshot> snapshot;
};
INSTANTIATE_TEST_SUITE_P(Ways, SnapshotFaults,
                         ::testing::Combine(::testing::Values(10'000, 2 * kMebi + 777),
                                            ::testing::Values(Use::automatic, Use::always)));

TEST_P(SnapshotFaults, ReadsAnyRange) {
  const std::string whole = a + b;
  EXPECT_EQ(read_text(*snapshot, 0, whole.size() + 100), whole);
  EXPECT_EQ(read_text(*snapshot, static_cast<Index>(size) - 3, 6), whole.substr(size - 3, 6));
  EXPECT_EQ(read_text(*snapshot, static_cast<Index>(whole.size()) - 1, 6), whole.substr(whole.size() - 1));
  EXPECT_EQ(read_text(*snapshot, static_cast<Index>(whole.size()), 6), "");
  EXPECT_EQ(read_text(*snapshot, static_cast<Index>(whole.size()) + 5, 6), "");
  EXPECT_EQ(snapshot->attributes(VirtualKind::raw).size, static_cast<Index>(whole.size()));
  std::mt19937 random(7);
  for (int i = 0; i < 300; ++i) {
    const std::size_t begin = random() % whole.size(), length = random() % 70000;
    ASSERT_EQ(read_text(*snapshot, static_cast<Index>(begin), length), whole.substr(begin, length)) << begin;
  }
}

TEST_P(SnapshotFaults, ServesTheNumpyHeaderAndTheDescription) {
  const std::string npy = npy_bytes(kByte, {static_cast<Index>(2 * size)}, a + b);
  EXPECT_EQ(read_text(*snapshot, 0, npy.size(), VirtualKind::npy), npy);
  EXPECT_EQ(read_text(*snapshot, 5, 200, VirtualKind::npy), npy.substr(5, 200));
  EXPECT_EQ(snapshot->header_size(VirtualKind::npy), static_cast<Index>(npy.size() - 2 * size));
  EXPECT_EQ(snapshot->header_size(VirtualKind::raw), 0);
  const std::string json = read_text(*snapshot, 0, 1000, VirtualKind::json);
  EXPECT_NE(json.find("\"path\": \"all.raw\""), std::string::npos) << json;
  EXPECT_EQ(snapshot->attributes(VirtualKind::json).size, static_cast<Index>(json.size()));
}

TEST_P(SnapshotFaults, TruncationBeforeTheFirstRead) {
  std::filesystem::resize_file(temp / "a.raw", size / 2);
  const std::string text = read_text(*snapshot, 0, 100);
  EXPECT_EQ(text.find("ESTALE all.json: source " + temp / "a.raw" + ": was truncated"), 0u) << text;
  EXPECT_EQ(read_text(*snapshot, static_cast<Index>(size), 100), b.substr(0, 100)) << "the other goes on";
}

TEST_P(SnapshotFaults, TruncationWhileOpen) {
  ASSERT_EQ(read_text(*snapshot, 0, 10), a.substr(0, 10));
  std::filesystem::resize_file(temp / "a.raw", 100);
  for (const Index offset : {Index{0}, Index{5000}, static_cast<Index>(size - 20)}) {
    const std::string text = read_text(*snapshot, offset, 10);
    EXPECT_EQ(text.find("ESTALE all.json: source " + temp / "a.raw" + ": was truncated"), 0u) << text;
  }
  EXPECT_EQ(read_text(*snapshot, static_cast<Index>(size), 100), b.substr(0, 100));
}

TEST_P(SnapshotFaults, ReplacementByRename) {
  ASSERT_EQ(read_text(*snapshot, 0, 10), a.substr(0, 10));
  temp.replace("a.raw", b);
  EXPECT_EQ(read_text(*snapshot, 0, 10),
            "ESTALE all.json: source " + temp / "a.raw" + ": was removed or replaced");
  temp.replace("b.raw", a);
  EXPECT_EQ(read_text(*snapshot, static_cast<Index>(size), 10),
            "ESTALE all.json: source " + temp / "b.raw" + ": was replaced by another file")
      << "never opened before";
}

TEST_P(SnapshotFaults, Removal) {
  ASSERT_EQ(read_text(*snapshot, 0, 10), a.substr(0, 10));
  std::filesystem::remove(temp / "a.raw");
  std::filesystem::remove(temp / "b.raw");
  EXPECT_EQ(read_text(*snapshot, 0, 10),
            "ESTALE all.json: source " + temp / "a.raw" + ": was removed or replaced");
  EXPECT_EQ(read_text(*snapshot, static_cast<Index>(size), 10),
            "ESTALE all.json: source " + temp / "b.raw" + ": was removed or renamed");
}

TEST_P(SnapshotFaults, Renaming) {
  ASSERT_EQ(read_text(*snapshot, 0, 10), a.substr(0, 10));
  std::filesystem::rename(temp / "a.raw", temp / "c.raw");
  EXPECT_EQ(read_text(*snapshot, 0, 10),
            "ESTALE all.json: source " + temp / "a.raw" + ": its path no longer leads to it: no such file");
}

TEST_P(SnapshotFaults, GrowthIsHarmless) {
  ASSERT_EQ(read_text(*snapshot, 0, 10), a.substr(0, 10));
  std::ofstream(temp / "a.raw", std::ios::app) << "more";
  EXPECT_EQ(read_text(*snapshot, 0, 2 * size), a + b);
}

TEST_P(SnapshotFaults, BytesWrittenInPlaceAreServedAsTheyAreNow) {
  ASSERT_EQ(read_text(*snapshot, 0, 10), a.substr(0, 10));
  overwrite(temp / "a.raw", 2, "NEW");
  EXPECT_EQ(read_text(*snapshot, 0, 6), a.substr(0, 2) + "NEW" + a.substr(5, 1));
}

TEST_P(SnapshotFaults, UnreadableSource) {
  std::filesystem::permissions(temp / "a.raw", std::filesystem::perms::none);
  const testing::AsOrdinaryUser ordinary(temp.path());
  EXPECT_EQ(read_text(*snapshot, 0, 10), "EIO all.json: source " + temp / "a.raw" + ": permission denied");
}

TEST_P(SnapshotFaults, HeaderChangedInPlace) {
  const Index half = static_cast<Index>(size / 2);
  const std::string npy = npy_bytes(kByte, {2 * half}, a);
  temp.write("c.npy", npy);
  const Index header = static_cast<Index>(npy.size() - size);
  const auto with_header = make_snapshot({{temp / "c.npy", {2 * half}, header}}, kByte);
  ASSERT_EQ(read_text(*with_header, 0, 10), a.substr(0, 10));
  overwrite(temp / "c.npy", header + 3, "x");
  EXPECT_EQ(read_text(*with_header, 3, 1), "x") << "data may change";
  const std::string other = npy_bytes(kByte, {2, half}, "");
  ASSERT_EQ(other.size(), static_cast<std::size_t>(header));
  overwrite(temp / "c.npy", 0, other);
  EXPECT_EQ(read_text(*with_header, 0, 10), "ESTALE all.json: source " + temp / "c.npy" +
                                                ": its header was changed: it now holds another array");
  overwrite(temp / "c.npy", 0, npy.substr(0, static_cast<std::size_t>(header)));
  EXPECT_EQ(read_text(*with_header, 0, 3), a.substr(0, 3)) << "and it may be put right again";
}

/// A truncation within the last page that a request touches leaves zeros and raises no signal.
TEST(Snapshot, ZerosOfATruncatedPageAreNeverServed) {
  TempFolder temp;
  std::vector<MadeSource> sources;
  const std::string bytes = pattern(kMebi);
  for (int i = 0; i < 20; ++i) {
    sources.push_back({temp.write("s" + std::to_string(i), bytes), {static_cast<Index>(kMebi)}});
  }
  const auto snapshot = make_snapshot(sources, kByte);
  // The whole file first: twenty sources at once are too many to ask the system about each in a later read.
  const std::size_t all = 20 * kMebi;
  ASSERT_EQ(read_text(*snapshot, 0, all).size(), all);
  std::filesystem::resize_file(temp / "s7", kMebi - 50);
  const std::string text = read_text(*snapshot, 0, all);
  EXPECT_EQ(text.find("ESTALE all.json: source " + temp / "s7"), 0u) << text.substr(0, 200);
}

TEST(Snapshot, FewHandlesServeManySources) {
  TempFolder temp;
  std::vector<MadeSource> sources;
  std::string whole;
  for (unsigned i = 0; i < 200; ++i) {
    const std::string bytes = pattern(i % 10 == 0 ? kMebi : 100, i);
    sources.push_back({temp.write("s" + std::to_string(i), bytes), {static_cast<Index>(bytes.size())}});
    whole += bytes;
  }
  const auto snapshot = make_snapshot(sources, kByte, 3);
  EXPECT_EQ(read_text(*snapshot, 0, whole.size()), whole);
  EXPECT_EQ(read_text(*snapshot, 12345, 3 * kMebi), whole.substr(12345, 3 * kMebi));
}

TEST(Snapshot, KnowsWhetherAnotherIsTheSame) {
  TempFolder temp;
  temp.write("a.raw", pattern(100));
  const auto first = make_snapshot({{temp / "a.raw", {100}}}, kByte);
  EXPECT_TRUE(first->same_as(*make_snapshot({{temp / "a.raw", {100}}}, kByte)));
  EXPECT_FALSE(first->same_as(*make_snapshot({{temp / "a.raw", {50}}}, kByte)));
  EXPECT_FALSE(first->same_as(*make_snapshot({{temp / "a.raw", {50, 2}}}, kByte)));
  EXPECT_FALSE(first->same_as(*make_snapshot({{temp / "a.raw", {100}}}, Dtype::boolean())));
  EXPECT_FALSE(first->same_as(*make_snapshot({{temp / "a.raw", {99}, 1}}, kByte)));
  overwrite(temp / "a.raw", 0, "x");
  testing::set_age(temp / "a.raw", 50);
  EXPECT_FALSE(first->same_as(*make_snapshot({{temp / "a.raw", {100}}}, kByte)));
  EXPECT_LT(first->number(), make_snapshot({{temp / "a.raw", {100}}}, kByte)->number());
}

}  // namespace
}  // namespace ndcat
