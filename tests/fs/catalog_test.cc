#include "fs/files/catalog.h"

#include <gtest/gtest.h>

#include <set>

#include "fs/files/file_system_kind.h"
#include "tests/fs/made_snapshot.h"
#include "tests/fs/temp_folder.h"

namespace ndcat {
namespace {

using testing::AsOrdinaryUser;
using testing::npy_bytes;
using testing::overwrite;
using testing::pattern;
using testing::read_text;
using testing::set_age;
using testing::TempFolder;

const Dtype kByte = Dtype::simple(Kind::unsigned_integer, 1);
constexpr const char* kTwo = R"({"concatenate": ["a.npy", "b.npy"]})";

std::string npy(const std::string& data) { return npy_bytes(kByte, {static_cast<Index>(data.size())}, data); }

class CatalogTest : public ::testing::Test {
 protected:
  void SetUp() override {
    temp.write("m/a.npy", npy("aaaa"));
    temp.write("m/b.npy", npy("bb"));
  }
  void open(CatalogOptions options = {}, const std::string& path = "m") {
    Result<std::unique_ptr<Catalog>> opened = Catalog::open(temp / path, std::move(options));
    ASSERT_TRUE(opened.ok()) << opened.error().message;
    catalog = *std::move(opened);
  }
  std::set<std::string> names(const std::string& folder = "") {
    const auto listed = catalog->list(folder);
    if (const int* error = std::get_if<int>(&listed)) return {"error " + std::to_string(*error)};
    std::set<std::string> names;
    for (const CatalogEntry& entry : std::get<0>(listed)) {
      EXPECT_TRUE(names.insert(entry.name + (entry.is_folder ? "/" : "")).second) << entry.name << " twice";
    }
    return names;
  }
  std::shared_ptr<const Snapshot> find(const std::string& name, const std::string& folder = "") {
    const auto found = catalog->find(folder, name);
    const auto* entry = std::get_if<CatalogEntry>(&found);
    return entry == nullptr ? nullptr : entry->snapshot;
  }
  int error_of(const std::string& name, const std::string& folder = "") {
    const auto found = catalog->find(folder, name);
    const int* error = std::get_if<int>(&found);
    return error == nullptr ? 0 : *error;
  }
  /// What reading X.raw now gives, or all of X.error.
  std::string contents(const std::string& stem, const std::string& folder = "") {
    if (const auto raw = find(stem + ".raw", folder)) return read_text(*raw, 0, 10'000);
    const auto error = find(stem + ".error", folder);
    return error == nullptr ? "nothing" : read_text(*error, 0, 10'000, VirtualKind::error);
  }
  TempFolder temp;
  std::unique_ptr<Catalog> catalog;
};

TEST_F(CatalogTest, ShowsThreeFilesForAManifest) {
  temp.write("m/all.json", kTwo);
  open();
  EXPECT_EQ(names(), (std::set<std::string>{"all.npy", "all.raw", "all.json"}));
  const auto snapshot = find("all.npy");
  ASSERT_NE(snapshot, nullptr);
  EXPECT_EQ(read_text(*snapshot, 0, 1000, VirtualKind::npy), npy("aaaabb"));
  EXPECT_EQ(contents("all"), "aaaabb");
  EXPECT_EQ(error_of("all.error"), ENOENT);
  for (const char* name : {"a.npy", "all", "all.json.json", "none.npy", "", ".npy", "all.npy/x"}) {
    EXPECT_EQ(error_of(name), ENOENT) << name;
  }
}

TEST_F(CatalogTest, ShowsAnErrorForABadManifestAndGoesOn) {
  temp.write("m/all.json", kTwo);
  temp.write("m/bad.json", R"({"concatenate": ["a.npy", "gone.npy", "lost.npy"]})");
  temp.write("m/worse.json", "{");
  open();
  EXPECT_EQ(names(), (std::set<std::string>{"all.npy", "all.raw", "all.json", "bad.error", "worse.error"}));
  const auto bad = find("bad.error");
  ASSERT_NE(bad, nullptr);
  ASSERT_EQ(bad->problems().size(), 2u);
  std::string lines;
  for (const Problem& problem : bad->problems()) lines += to_string(problem) + "\n";
  EXPECT_EQ(contents("bad"), lines);
  EXPECT_EQ(lines.find("bad.json:1:"), 0u) << lines;
  EXPECT_EQ(bad->attributes(VirtualKind::error).size, static_cast<Index>(lines.size()));
  EXPECT_EQ(error_of("bad.npy"), ENOENT);
  EXPECT_EQ(error_of("bad.json"), ENOENT);
  EXPECT_EQ(contents("all"), "aaaabb");
}

TEST_F(CatalogTest, SeesEveryChangeAtTheNextQuestion) {
  open();
  EXPECT_EQ(error_of("all.npy"), ENOENT);
  temp.write("m/all.json", kTwo);
  EXPECT_EQ(contents("all"), "aaaabb");
  temp.write("m/all.json", R"({"concatenate": ["b.npy", "a.npy"]})");
  EXPECT_EQ(contents("all"), "bbaaaa");
  temp.write("m/a.npy", npy("xyz"));
  EXPECT_EQ(contents("all"), "bbxyz");
  temp.replace("m/b.npy", npy("q"));
  EXPECT_EQ(contents("all"), "qxyz");
  std::filesystem::remove(temp / "m/a.npy");
  EXPECT_NE(contents("all").find("a.npy"), std::string::npos);
  EXPECT_EQ(error_of("all.npy"), ENOENT);
  temp.write("m/a.npy", npy("back"));
  EXPECT_EQ(contents("all"), "qback");
  std::filesystem::remove(temp / "m/all.json");
  EXPECT_EQ(error_of("all.npy"), ENOENT);
  EXPECT_EQ(names(), std::set<std::string>{});
}

TEST_F(CatalogTest, SeesNewFilesThatMatchAGlob) {
  temp.write("m/parts/p1.npy", npy("1"));
  temp.write("m/all.json", R"({"concatenate": ["parts/p*.npy"]})");
  open();
  EXPECT_EQ(contents("all"), "1");
  temp.write("m/parts/p10.npy", npy("X"));
  temp.write("m/parts/p2.npy", npy("2"));
  EXPECT_EQ(contents("all"), "12X");
  std::filesystem::remove(temp / "m/parts/p2.npy");
  EXPECT_EQ(contents("all"), "1X");
}

TEST_F(CatalogTest, SeesChangesOfNestedManifests) {
  temp.write("m/inner.json", R"({"concatenate": ["a.npy"]})");
  temp.write("m/all.json", R"({"concatenate": ["inner.json", "b.npy"]})");
  open();
  EXPECT_EQ(contents("all"), "aaaabb");
  temp.write("m/inner.json", R"({"concatenate": ["b.npy", "b.npy"]})");
  EXPECT_EQ(contents("all"), "bbbbbb");
}

TEST_F(CatalogTest, KeepsASnapshotWhileNothingChanges) {
  temp.write("m/all.json", kTwo);
  open();
  const auto first = find("all.npy");
  ASSERT_NE(first, nullptr);
  EXPECT_EQ(find("all.raw"), first);
  temp.write("m/unrelated.npy", "x");
  EXPECT_EQ(find("all.json"), first);
  EXPECT_TRUE(catalog->is_current(*first));
}

TEST_F(CatalogTest, GivesANewSnapshotForAnInPlaceChangeOfEqualSize) {
  temp.write("m/all.json", kTwo);
  open();
  const auto first = find("all.npy");
  ASSERT_NE(first, nullptr);
  overwrite(temp / "m/a.npy", static_cast<std::streamoff>(npy("aaaa").size() - 1), "Z");
  set_age(temp / "m/a.npy", 1);  // a clock that is too coarse must not decide this test
  EXPECT_FALSE(catalog->is_current(*first));
  const auto second = find("all.npy");
  ASSERT_NE(second, nullptr);
  EXPECT_GT(second->number(), first->number());
  EXPECT_EQ(read_text(*second, 0, 100), "aaaZbb");
  EXPECT_EQ(read_text(*first, 0, 100), "aaaZbb") << "the old one serves what a map of the sources would show";
}

TEST_F(CatalogTest, TheOldSnapshotKeepsItsShape) {
  temp.write("m/all.json", kTwo);
  open();
  const auto first = find("all.raw");
  ASSERT_NE(first, nullptr);
  temp.write("m/all.json", R"({"concatenate": ["b.npy"]})");
  EXPECT_FALSE(catalog->is_current(*first));
  EXPECT_EQ(contents("all"), "bb");
  EXPECT_EQ(read_text(*first, 0, 100), "aaaabb");
}

TEST_F(CatalogTest, KeepsTheCacheOnlyOnceThingsAreQuiet) {
  temp.write("m/all.json", kTwo);
  open({.allowed_folders = {}, .own_device = {}, .settle = std::chrono::hours(1), .log = {}});
  const auto fresh = find("all.npy");
  EXPECT_FALSE(catalog->may_keep_cache(*fresh, VirtualKind::npy));
  EXPECT_FALSE(catalog->may_keep_cache(*fresh, VirtualKind::npy)) << "still too fresh";
  open({.allowed_folders = {}, .own_device = {}, .settle = std::chrono::nanoseconds(0), .log = {}});
  const auto settled = find("all.npy");
  EXPECT_FALSE(catalog->may_keep_cache(*settled, VirtualKind::npy))
      << "what was cached before is dropped once";
  EXPECT_TRUE(catalog->may_keep_cache(*settled, VirtualKind::npy));
  temp.write("m/a.npy", npy("new!"));
  const auto next = find("all.npy");
  EXPECT_FALSE(catalog->may_keep_cache(*settled, VirtualKind::npy));
  EXPECT_FALSE(catalog->may_keep_cache(*next, VirtualKind::npy));
  EXPECT_TRUE(catalog->may_keep_cache(*next, VirtualKind::npy));
}

TEST_F(CatalogTest, NeverKeepsTheCacheOfSourcesThatLiveInMemory) {
  std::string in_memory = "/dev/shm/ndcat-test-XXXXXX";
  const int fd = ::mkstemp(in_memory.data());
  if (fd < 0 || !file_system_kind(fd).is_memory) GTEST_SKIP() << "no /dev/shm";
  EXPECT_EQ(::write(fd, "1234", 4), 4);
  ::close(fd);
  temp.write("m/disk.json", kTwo);
  temp.write("m/memory.json", R"({"path": ")" + in_memory + R"(", "dtype": "u1", "shape": [4]})");
  open({.allowed_folders = {}, .own_device = {}, .settle = std::chrono::nanoseconds(1), .log = {}});
  for (const auto& [name, kept] : {std::pair("disk.raw", true), std::pair("memory.raw", false)}) {
    const auto snapshot = find(name);
    ASSERT_NE(snapshot, nullptr) << name;
    EXPECT_FALSE(catalog->may_keep_cache(*snapshot, VirtualKind::npy)) << name;
    EXPECT_EQ(catalog->may_keep_cache(*snapshot, VirtualKind::npy), kept) << name;
  }
  std::filesystem::remove(in_memory);
}

TEST_F(CatalogTest, MirrorsFoldersAndLinks) {
  temp.write("m/runs/deep/all.json", R"({"concatenate": ["../../a.npy"]})");
  temp.write("elsewhere/x.json", R"({"concatenate": ["../m/b.npy"]})");
  temp.link("m/linked", "../elsewhere");
  temp.link("m/one.json", "runs/deep/all.json");
  temp.link("m/around", ".");
  temp.link("m/runs/up", "../runs");
  temp.link("m/broken.json", "nowhere");
  temp.link("m/broken", "nowhere");
  open();
  EXPECT_EQ(names(), (std::set<std::string>{"runs/", "linked/", "one.error", "broken.error"}));
  EXPECT_EQ(names("runs"), std::set<std::string>{"deep/"});
  EXPECT_EQ(contents("all", "runs/deep"), "aaaa");
  EXPECT_EQ(contents("x", "linked"), "bb");
  EXPECT_NE(contents("broken").find("no such file"), std::string::npos) << contents("broken");
  EXPECT_EQ(error_of("around"), ENOENT);
  EXPECT_EQ(names("around"), std::set<std::string>{"error " + std::to_string(ELOOP)});
  EXPECT_EQ(names("absent"), std::set<std::string>{"error " + std::to_string(ENOENT)});
  EXPECT_EQ(names("runs/../runs"), std::set<std::string>{"error " + std::to_string(ENOENT)});
  const auto entry = catalog->find("", "runs");
  ASSERT_TRUE(std::holds_alternative<CatalogEntry>(entry));
  EXPECT_TRUE(std::get<CatalogEntry>(entry).is_folder);
}

TEST_F(CatalogTest, AFolderWinsOverAViewOfTheSameName) {
  temp.write("m/all.json", kTwo);
  temp.folder("m/all.npy");
  std::string logged;
  open({.allowed_folders = {}, .own_device = {}, .settle = {}, .log = [&](const std::string& line) {
          logged += line;
        }});
  EXPECT_EQ(names(), (std::set<std::string>{"all.npy/", "all.raw", "all.json"}));
  EXPECT_EQ(find("all.npy"), nullptr);
  EXPECT_EQ(contents("all"), "aaaabb");
  EXPECT_EQ(logged, "all.npy: is not shown: a folder has this name");
}

TEST_F(CatalogTest, TakesNamesThatAreNotUtf8) {
  const std::string stem = "caf\xe9";
  temp.write("m/" + stem + ".json", kTwo);
  temp.write("m/\xff/all.json", R"({"concatenate": ["../a.npy"]})");
  open();
  EXPECT_EQ(names(), (std::set<std::string>{"\xff/", stem + ".npy", stem + ".raw"}))
      << "no .json: JSON could not name the .raw file";
  EXPECT_EQ(contents(stem), "aaaabb");
  EXPECT_EQ(contents("all", "\xff"), "aaaa");
}

TEST_F(CatalogTest, MountsOneManifest) {
  temp.write("m/all.json", kTwo);
  temp.write("m/other.json", kTwo);
  open({}, "m/all.json");
  EXPECT_EQ(names(), (std::set<std::string>{"all.npy", "all.raw", "all.json"}));
  EXPECT_EQ(contents("all"), "aaaabb");
  EXPECT_EQ(error_of("other.npy"), ENOENT);
  EXPECT_EQ(names("x"), std::set<std::string>{"error " + std::to_string(ENOENT)});
  std::filesystem::remove(temp / "m/all.json");
  EXPECT_EQ(names(), std::set<std::string>{"all.error"});
}

TEST_F(CatalogTest, RefusesToOpenWhatHoldsNoManifests) {
  ASSERT_EQ(::mkfifo((temp / "fifo.json").c_str(), 0600), 0);
  const std::string neither = " is neither a folder of manifests nor a manifest (a file named *.json)";
  EXPECT_EQ(Catalog::open(temp / "m/a.npy", {}).error().message, temp / "m/a.npy:" + neither);
  EXPECT_EQ(Catalog::open(temp / "fifo.json", {}).error().message, temp / "fifo.json: is a FIFO");
  EXPECT_EQ(Catalog::open(temp / "absent", {}).error().message, temp / "absent: no such file");
  CatalogOptions options;
  options.allowed_folders = {temp / "absent"};
  EXPECT_EQ(Catalog::open(temp / "m", options).error().message,
            temp / "absent: no such file (a folder that sources may lie in)");
}

TEST_F(CatalogTest, ConfinesSourcesAndManifests) {
  temp.write("secret/s.npy", npy("secret"));
  temp.write("secret/s.json", R"({"concatenate": ["s.npy"]})");
  temp.write("also/t.npy", npy("tt"));
  temp.link("m/way.npy", "../secret/s.npy");
  temp.link("m/way.json", "../secret/s.json");
  temp.link("m/way", "../secret");
  temp.write("m/direct.json", R"({"concatenate": ["../secret/s.npy"]})");
  temp.write("m/linked.json", R"({"concatenate": ["way.npy"]})");
  temp.write("m/nested.json", R"({"concatenate": ["way.json"]})");
  temp.write("m/globbed.json", R"({"concatenate": ["way/*.npy"]})");
  temp.write("m/good.json", R"({"concatenate": ["a.npy", "../also/t.npy"]})");
  CatalogOptions options;
  options.allowed_folders = {temp / "also"};
  open(options);
  EXPECT_EQ(contents("good"), "aaaatt");
  for (const char* stem : {"direct", "linked", "nested", "globbed", "way"}) {
    EXPECT_NE(contents(stem).find("lies outside the folders that this mount may read"), std::string::npos)
        << stem << ": " << contents(stem);
  }
  EXPECT_EQ(names("way"), std::set<std::string>{"error " + std::to_string(ENOENT)});
}

TEST_F(CatalogTest, RefusesSourcesInItsOwnMount) {
  temp.write("m/all.json", R"({"path": "/proc/version", "dtype": "u1", "shape": [-1]})");
  temp.link("m/mnt", "/proc");
  open();
  struct statx status;
  ASSERT_EQ(::statx(AT_FDCWD, "/proc", 0, kIdentityFields, &status), 0);
  EXPECT_TRUE(names().contains("mnt/"));
  catalog->set_own_device(identity_of(status).device);
  EXPECT_NE(contents("all").find("the source lies inside the mount point"), std::string::npos)
      << contents("all");
  EXPECT_FALSE(names().contains("mnt/"));
  EXPECT_EQ(error_of("mnt"), ENOENT);
}

TEST_F(CatalogTest, NeverWidensAccess) {
  temp.write("m/all.json", kTwo);
  const auto set_mode = [&](const char* name, mode_t mode) {
    EXPECT_EQ(::chmod((temp / name).c_str(), mode), 0);
  };
  set_mode("m/all.json", 0644);
  set_mode("m/a.npy", 0640);
  set_mode("m/b.npy", 0604);
  open();
  const Attributes attributes = find("all.npy")->attributes(VirtualKind::npy);
  EXPECT_EQ(attributes.permissions, 0400u);
  EXPECT_EQ(attributes.uid, ::geteuid());
  set_mode("m/a.npy", 0777);
  set_mode("m/b.npy", 0666);
  EXPECT_EQ(find("all.npy")->attributes(VirtualKind::npy).permissions, 0444u);
  set_mode("m/all.json", 0600);
  EXPECT_EQ(find("all.npy")->attributes(VirtualKind::npy).permissions, 0400u);
  temp.write("m/all.json", "{");
  EXPECT_EQ(find("all.error")->attributes(VirtualKind::error).permissions, 0400u);
  const auto folder = catalog->folder("");
  ASSERT_TRUE(std::holds_alternative<FolderAttributes>(folder));
  EXPECT_EQ(std::get<FolderAttributes>(folder).permissions & ~0555u, 0u);
}

TEST_F(CatalogTest, AnUnreadableSourceIsAProblem) {
  temp.write("m/all.json", kTwo);
  EXPECT_EQ(::chmod((temp / "m/a.npy").c_str(), 0), 0);
  open();
  const AsOrdinaryUser ordinary(temp.path());
  EXPECT_NE(contents("all").find("permission denied"), std::string::npos) << contents("all");
}

TEST_F(CatalogTest, SpecialFilesAreProblemsAndNeverHang) {
  ASSERT_EQ(::mkfifo((temp / "m/fifo").c_str(), 0600), 0);
  ASSERT_EQ(::mkfifo((temp / "m/f.json").c_str(), 0600), 0);
  temp.folder("m/d");
  temp.write("m/all.json", R"({"concatenate": ["fifo", "d", "/dev/zero"]})");
  open();
  const std::string text = contents("all");
  for (const char* reason : {"is a FIFO", "is a directory", "is a character device"}) {
    EXPECT_NE(text.find(reason), std::string::npos) << text;
  }
  EXPECT_NE(contents("f").find("is a FIFO"), std::string::npos);
}

}  // namespace
}  // namespace ndcat
