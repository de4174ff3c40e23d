// What is remembered of files between mounts, and that it is never believed of a file that changed.
#include "fs/files/header_index.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <thread>

#include "fs/files/index_folder.h"
#include "fs/files/resolve_files.h"
#include "manifests/numpy_header.h"
#include "tests/fs/temp_folder.h"

namespace ndcat {
namespace {

using testing::TempFolder;

constexpr std::string_view kManifest = "/data/all.json";

FileIdentity identity(std::uint64_t inode) {
  FileIdentity made;
  made.device = 7;
  made.inode = inode;
  made.size = 1000;
  made.modified = made.changed = made.born = 5'000'000'000;
  made.mode = S_IFREG | 0644;
  return made;
}

HeaderIndex small_index() {
  HeaderIndex index;
  index.add(identity(3), "header of 3");
  index.add(identity(1), "");
  index.add(identity(2), "header of 2");
  index.add(identity(2), "");
  index.finish();
  return index;
}

TEST(HeaderIndex, FindsWhatWasAddedAndNothingElse) {
  const HeaderIndex index = small_index();
  EXPECT_EQ(index.size(), 3u);
  EXPECT_EQ(index.find(identity(3), 256), "header of 3");
  EXPECT_EQ(index.find(identity(3), 6), "header");
  EXPECT_EQ(index.find(identity(3), 0), "");
  EXPECT_EQ(index.find(identity(2), 256), "header of 2") << "of two entries the one with a header counts";
  EXPECT_EQ(index.find(identity(1), 0), "");
  EXPECT_EQ(index.find(identity(1), 256), std::nullopt) << "it was never read";
  EXPECT_EQ(index.find(identity(4), 0), std::nullopt);
}

TEST(HeaderIndex, KnowsNoFileOfWhichAnythingChanged) {
  const HeaderIndex index = small_index();
  const auto is_known_after = [&](auto change) {
    FileIdentity changed = identity(3);
    change(changed);
    return index.find(changed, 0).has_value();
  };
  EXPECT_TRUE(is_known_after([](FileIdentity&) {}));
  EXPECT_FALSE(is_known_after([](FileIdentity& file) { ++file.device; }));
  EXPECT_FALSE(is_known_after([](FileIdentity& file) { ++file.size; }));
  EXPECT_FALSE(is_known_after([](FileIdentity& file) { ++file.modified; }));
  EXPECT_FALSE(is_known_after([](FileIdentity& file) { ++file.changed; }));
  EXPECT_FALSE(is_known_after([](FileIdentity& file) { ++file.born; }));
  EXPECT_FALSE(is_known_after([](FileIdentity& file) { file.mode = S_IFREG; }));
  EXPECT_FALSE(is_known_after([](FileIdentity& file) { ++file.uid; }));
  EXPECT_FALSE(is_known_after([](FileIdentity& file) { ++file.gid; }));
}

TEST(HeaderIndex, IsReadAsItWasWritten) {
  const std::string bytes = small_index().serialize();
  const std::optional<HeaderIndex> read = HeaderIndex::parse(bytes);
  ASSERT_TRUE(read.has_value());
  EXPECT_EQ(read->serialize(), bytes);
  EXPECT_EQ(read->find(identity(2), 256), "header of 2");
  EXPECT_EQ(read->find(identity(1), 256), std::nullopt);
  HeaderIndex none;
  none.finish();
  EXPECT_TRUE(HeaderIndex::parse(none.serialize()).has_value());
}

TEST(HeaderIndex, EveryDamageIsSeen) {
  const std::string bytes = small_index().serialize();
  for (std::size_t length = 0; length < bytes.size(); ++length) {
    EXPECT_FALSE(HeaderIndex::parse(bytes.substr(0, length)).has_value()) << length << " bytes";
  }
  for (std::size_t at = 0; at < bytes.size(); ++at) {
    std::string damaged = bytes;
    damaged[at] = static_cast<char>(damaged[at] ^ 0x10);
    EXPECT_FALSE(HeaderIndex::parse(damaged).has_value()) << "byte " << at;
  }
  EXPECT_FALSE(HeaderIndex::parse(bytes + '\0').has_value());
}

TEST(HeaderIndex, NumbersTooLargeForTheirPlacesAreDamage) {
  const std::vector<std::uint64_t> good = {1, 1, 7, 2, 1000, 5, 5, 5, 0100644, 0, 0, 0, 0};
  const auto parsed = [](const std::vector<std::uint64_t>& numbers) {
    const std::string_view body(reinterpret_cast<const char*>(numbers.data()),
                                numbers.size() * sizeof(std::uint64_t));
    return HeaderIndex::parse(HeaderIndex::seal(body)).has_value();
  };
  EXPECT_TRUE(parsed(good));
  for (const std::size_t place : {0u, 1u, 8u, 9u, 10u, 11u}) {  // counts, mode, uid, gid, the header's number
    std::vector<std::uint64_t> bad = good;
    bad[place] |= std::uint64_t{1} << 40;
    EXPECT_FALSE(parsed(bad)) << place;
  }
}

TEST(IndexFolder, KeepsWhatWasSaved) {
  TempFolder temp;
  const IndexFolder folder(temp / "cache/ndcat");
  const std::string manifest(kManifest);
  EXPECT_FALSE(folder.load(manifest).has_value());
  ASSERT_TRUE(folder.save(manifest, small_index()));
  EXPECT_EQ(folder.load(manifest)->size(), 3u);
  EXPECT_FALSE(folder.load("/data/other.json").has_value());
  HeaderIndex none;
  none.finish();
  ASSERT_TRUE(folder.save(manifest, none));
  EXPECT_EQ(folder.load(manifest)->size(), 0u);
  std::filesystem::remove_all(temp / "cache");
  EXPECT_FALSE(folder.load(manifest).has_value()) << "safe to delete";
  EXPECT_TRUE(folder.save(manifest, small_index()));
}

TEST(IndexFolder, BelievesOnlyWhatNobodyElseCouldHaveWritten) {
  TempFolder temp;
  const IndexFolder folder(temp / "ndcat");
  const std::string manifest(kManifest);
  ASSERT_TRUE(folder.save(manifest, small_index()));
  const auto file = std::filesystem::directory_iterator(temp / "ndcat")->path();
  ASSERT_EQ(::chmod(file.c_str(), 0620), 0);
  EXPECT_FALSE(folder.load(manifest).has_value());
  ASSERT_EQ(::chmod(file.c_str(), 0600), 0);
  EXPECT_TRUE(folder.load(manifest).has_value());
  std::filesystem::rename(file, temp / "elsewhere");
  std::filesystem::create_symlink(temp / "elsewhere", file);
  EXPECT_FALSE(folder.load(manifest).has_value());
  ASSERT_EQ(::chmod((temp / "ndcat").c_str(), 0755), 0);
  EXPECT_FALSE(folder.save(manifest, small_index())) << "others may look into it";
}

TEST(IndexFolder, DropsTheOldest) {
  TempFolder temp;
  const IndexFolder folder(temp / "ndcat");
  const auto name = [](std::size_t number) { return "/data/" + std::to_string(number) + ".json"; };
  for (std::size_t i = 0; i < IndexFolder::kMostFiles + 5; ++i) {
    ASSERT_TRUE(folder.save(name(i), small_index()));
    for (const auto& entry : std::filesystem::directory_iterator(temp / "ndcat")) {
      entry.last_write_time();
      std::filesystem::last_write_time(entry.path(), entry.last_write_time() - std::chrono::seconds(10));
    }
  }
  const std::filesystem::directory_iterator files(temp / "ndcat");
  EXPECT_EQ(static_cast<std::size_t>(std::distance(begin(files), end(files))), IndexFolder::kMostFiles);
  EXPECT_FALSE(folder.load(name(0)).has_value());
  EXPECT_TRUE(folder.load(name(IndexFolder::kMostFiles + 4)).has_value());
}

TEST(IndexFolder, ManyWritersAndReadersAtOnceSeeWholeFiles) {
  TempFolder temp;
  const IndexFolder folder(temp / "ndcat");
  const std::string manifest(kManifest);
  ASSERT_TRUE(folder.save(manifest, small_index()));
  const auto work = [&] {
    for (int i = 0; i < 50; ++i) {
      EXPECT_TRUE(folder.save(manifest, small_index()));
      const std::optional<HeaderIndex> read = folder.load(manifest);
      EXPECT_TRUE(read && read->size() == 3);
    }
  };
  std::jthread first(work), second(work);
  work();
}

/// A manifest over two .npy files that have long been left alone, as far as `settle` 0 asks.
class Remembered : public ::testing::Test {
 protected:
  void SetUp() override {
    const std::string header = *write_numpy_header(Dtype::simple(Kind::floating, 8), Shape{2}, Order::c);
    for (const char* name : {"a.npy", "b.npy"}) temp.write(name, header + std::string(16, 'x'));
    manifest = temp.write("all.json", R"({"concatenate": ["a.npy", "b.npy"]})");
    ASSERT_NO_FATAL_FAILURE(let_times_settle());
  }
  /// A file is not put into an index within two seconds of its last change.
  void let_times_settle() { std::this_thread::sleep_for(std::chrono::milliseconds(2100)); }
  ResolvedFiles resolve() {
    return resolve_files(manifest, "all.json", PathWalk(std::make_shared<AccessRules>()), &memory);
  }
  [[nodiscard]] Shape shape() { return resolve().resolution.manifest->view.shape; }

  TempFolder temp;
  std::string manifest;
  HeaderMemory memory{IndexFolder(temp / "cache"), 0, 1};
};

TEST_F(Remembered, FilesThatDidNotChangeAreNotOpened) {
  EXPECT_EQ(shape(), Shape{4});
  const std::optional<HeaderIndex> kept = memory.folder.load(manifest);
  ASSERT_TRUE(kept.has_value());
  EXPECT_EQ(kept->size(), 2u);
  // An index that lies is believed, which proves that the files are not looked into.
  HeaderIndex lying;
  const ResolvedFiles known = resolve();
  const std::string other = *write_numpy_header(Dtype::simple(Kind::floating, 8), Shape{1}, Order::c);
  for (SourceId id = 0; id < 2; ++id) lying.add(known.files.identity(id), other);
  lying.finish();
  ASSERT_TRUE(memory.folder.save(manifest, lying));
  EXPECT_EQ(shape(), Shape{2});
}

TEST_F(Remembered, AFileThatChangedIsLookedAtAfresh) {
  EXPECT_EQ(shape(), Shape{4});
  temp.write("b.npy", *write_numpy_header(Dtype::simple(Kind::floating, 8), Shape{3}, Order::c) +
                          std::string(24, 'y'));
  EXPECT_EQ(shape(), Shape{5});
  temp.write("b.npy", *write_numpy_header(Dtype::simple(Kind::floating, 4), Shape{6}, Order::c) +
                          std::string(24, 'z'));
  EXPECT_EQ(shape(), Shape{8}) << "changed again at once, its size the same";
  std::filesystem::remove(temp / "a.npy");
  EXPECT_FALSE(resolve().resolution.manifest.has_value());
}

TEST_F(Remembered, NothingIsKeptOfFewOrYoungSources) {
  memory.at_least = 3;
  EXPECT_EQ(shape(), Shape{4});
  EXPECT_FALSE(memory.folder.load(manifest).has_value());
  memory.at_least = 1;
  memory.settle = Nanoseconds{60} * 1'000'000'000;
  EXPECT_EQ(shape(), Shape{4});
  EXPECT_FALSE(memory.folder.load(manifest).has_value());
}

TEST_F(Remembered, ADamagedIndexIsNoIndex) {
  EXPECT_EQ(shape(), Shape{4});
  const auto file = std::filesystem::directory_iterator(temp / "cache")->path();
  std::filesystem::resize_file(file, std::filesystem::file_size(file) - 1);
  EXPECT_EQ(shape(), Shape{4});
  EXPECT_EQ(memory.folder.load(manifest)->size(), 2u) << "and is replaced";
}

}  // namespace
}  // namespace ndcat
