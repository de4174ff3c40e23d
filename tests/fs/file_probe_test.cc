#include "fs/files/file_probe.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "manifests/numpy_header.h"
#include "tests/fs/temp_folder.h"

namespace ndcat {
namespace {

using testing::overwrite;
using testing::set_age;
using testing::TempFolder;

FileProbe probe_anywhere() { return FileProbe(PathWalk(std::make_shared<AccessRules>())); }
PathWalk new_walk() { return PathWalk(std::make_shared<AccessRules>()); }

bool all_still_hold(FileProbe& probe) {
  const Facts facts = probe.take_facts();
  return all_hold(facts, probe.take_files(), new_walk());
}

TEST(FileProbe, GivesSizeAndHeadOfASource) {
  TempFolder temp;
  FileProbe probe = probe_anywhere();
  const ProbedFile file = probe.source(temp.write("a.raw", "0123456789"), 4);
  EXPECT_EQ(file.failure, ProbeFailure::none);
  EXPECT_EQ(file.size, 10);
  EXPECT_EQ(file.head, "0123");
  const Result<std::string> head = probe.head(file.id, 100);
  ASSERT_TRUE(head.ok());
  EXPECT_EQ(*head, "0123456789");
  EXPECT_EQ(probe.source(temp / "a.raw", 0).id, file.id) << "one path, one id";
  EXPECT_EQ(probe.source(temp.write("empty", ""), 4).size, 0);
  const FileTable files = probe.take_files();
  EXPECT_EQ(files.size(), 2u);
  EXPECT_EQ(files.path(0), temp / "a.raw");
  EXPECT_EQ(files.path(1), temp / "empty");
  EXPECT_EQ(files.devices().size(), 1u);
}

TEST(FileProbe, AnswersTheSameAfterAPrefetch) {
  TempFolder temp;
  std::vector<std::string> paths;
  for (int i = 0; i < 300; ++i) {
    const std::string name = "f" + std::to_string(i);
    paths.push_back(i % 50 == 7 ? temp / name : temp.write(name, "bytes of " + name));
  }
  paths.push_back(temp.path());
  FileProbe ahead = probe_anywhere(), plain = probe_anywhere();
  ahead.prefetch(paths, 8);
  for (const std::string& path : paths) {
    const ProbedFile a = ahead.source(path, 8), b = plain.source(path, 8);
    EXPECT_EQ(a.failure, b.failure) << path;
    EXPECT_EQ(a.reason, b.reason) << path;
    EXPECT_EQ(a.id, b.id) << path;
    EXPECT_EQ(a.size, b.size) << path;
    EXPECT_EQ(a.head, b.head) << path;
  }
  EXPECT_EQ(ahead.source(paths[0], 4).head, "byte") << "other bytes than were prefetched";
  EXPECT_EQ(ahead.take_facts().size(), plain.take_facts().size());
  EXPECT_TRUE(ahead.take_files().same_files(plain.take_files()));
}

TEST(FileProbe, RefusesWhatIsNoRegularFile) {
  TempFolder temp;
  ASSERT_EQ(::mkfifo((temp / "fifo").c_str(), 0600), 0);
  FileProbe probe = probe_anywhere();
  EXPECT_EQ(probe.source(temp.path(), 4).reason, "is a directory");
  EXPECT_EQ(probe.source(temp / "fifo", 4).reason, "is a FIFO");
  EXPECT_EQ(probe.source("/dev/null", 4).reason, "is a character device");
  EXPECT_EQ(probe.source(temp / "fifo", 4).failure, ProbeFailure::refused);
  EXPECT_EQ(probe.source(temp / "absent", 4).failure, ProbeFailure::absent);
  EXPECT_EQ(probe.manifest(temp / "fifo", 100).reason, "is a FIFO");
  EXPECT_EQ(probe.manifest(temp / "absent", 100).failure, ProbeFailure::absent);
  EXPECT_TRUE(all_still_hold(probe));
}

TEST(FileProbe, ReadsManifestsUpToALimit) {
  TempFolder temp;
  FileProbe probe = probe_anywhere();
  const ProbedText text = probe.manifest(temp.write("a.json", "{\"x\": 1}"), 8);
  EXPECT_EQ(text.failure, ProbeFailure::none);
  EXPECT_EQ(text.text, "{\"x\": 1}");
  temp.link("b.json", "a.json");
  EXPECT_EQ(probe.manifest(temp / "b.json", 8).identity, text.identity);
  EXPECT_EQ(probe.manifest(temp / "a.json", 7).reason, "is longer than 7 bytes");
  EXPECT_EQ(probe.manifest(temp.write("empty.json", ""), 7).failure, ProbeFailure::none);
}

TEST(FileProbe, ListsFoldersWithLinksFollowed) {
  TempFolder temp;
  temp.write("d/file", "1");
  temp.folder("d/folder");
  temp.link("d/to-folder", "folder");
  temp.link("d/to-file", "file");
  temp.link("d/dangling", "nowhere");
  FileProbe probe = probe_anywhere();
  ProbedDirectory listed = probe.directory(temp / "d");
  ASSERT_EQ(listed.failure, ProbeFailure::none);
  std::sort(listed.entries.begin(), listed.entries.end(),
            [](const auto& a, const auto& b) { return a.name < b.name; });
  const std::vector<std::pair<std::string, bool>> expected = {
      {"dangling", false}, {"file", false}, {"folder", true}, {"to-file", false}, {"to-folder", true}};
  ASSERT_EQ(listed.entries.size(), expected.size());
  for (std::size_t i = 0; i < expected.size(); ++i) {
    EXPECT_EQ(listed.entries[i].name, expected[i].first);
    EXPECT_EQ(listed.entries[i].is_directory, expected[i].second) << expected[i].first;
  }
  EXPECT_EQ(probe.directory(temp / "d/to-folder").identity, probe.directory(temp / "d/folder").identity);
  EXPECT_EQ(probe.directory(temp / "absent").failure, ProbeFailure::absent);
  EXPECT_EQ(probe.directory(temp / "d/file").failure, ProbeFailure::absent);
}

TEST(FileProbe, LearnsOfALinkedSourceOnlyOnce) {
  TempFolder temp;
  temp.write("store/x", "1");
  temp.folder("d");
  temp.link("d/a", "../store/x");
  temp.link("d/b", "../store/x");
  FileProbe probe = probe_anywhere();
  probe.directory(temp / "d");
  probe.source(temp / "d/a", 1);
  const Facts facts = probe.take_facts();
  ASSERT_EQ(facts.size(), 2u);
  EXPECT_EQ(facts[0].path, temp / "d");
  EXPECT_EQ(facts[1].path, temp / "d/b");
  const FileTable files = probe.take_files();
  EXPECT_TRUE(all_hold(facts, files, new_walk()));
  std::filesystem::remove(temp / "d/a");
  std::filesystem::create_directory_symlink(temp / "store", temp / "d/a");
  EXPECT_FALSE(all_hold({}, files, new_walk()));
}

TEST(FileProbe, LeavesItsOwnMountOutOfListings) {
  struct statx status;
  ASSERT_EQ(::statx(AT_FDCWD, "/proc", 0, kIdentityFields, &status), 0);
  FileProbe probe(PathWalk(std::make_shared<AccessRules>(std::nullopt, identity_of(status).device)));
  const ProbedDirectory root = probe.directory("/");
  ASSERT_EQ(root.failure, ProbeFailure::none);
  EXPECT_FALSE(root.entries.empty());
  for (const DirectoryEntry& entry : root.entries) EXPECT_NE(entry.name, "proc");
}

/// Each change must be seen by looking again at what a probe learnt.
class FactsTest : public ::testing::Test {
 protected:
  void SetUp() override {
    temp.write("a.raw", "aaaa");
    temp.write("m.json", "{}");
    temp.write("d/x", "1");
    temp.link("d/link", "absent-folder");
    temp.folder("refused");
    probe.source(temp / "a.raw", 4);
    probe.source(temp / "refused", 4);
    probe.source(temp / "absent", 4);
    probe.manifest(temp / "m.json", 100);
    probe.directory(temp / "d");
  }
  TempFolder temp;
  FileProbe probe = probe_anywhere();
};

TEST_F(FactsTest, HoldWhileNothingHappens) { EXPECT_TRUE(all_still_hold(probe)); }
TEST_F(FactsTest, NoticeAWrittenSource) {
  overwrite(temp / "a.raw", 0, "b");
  set_age(temp / "a.raw", 1000);
  EXPECT_FALSE(all_still_hold(probe));
}
TEST_F(FactsTest, NoticeAReplacedSource) {
  temp.replace("a.raw", "aaaa");
  EXPECT_FALSE(all_still_hold(probe));
}
TEST_F(FactsTest, NoticeARemovedSource) {
  std::filesystem::remove(temp / "a.raw");
  EXPECT_FALSE(all_still_hold(probe));
}
TEST_F(FactsTest, NoticeNewPermissions) {
  std::filesystem::permissions(temp / "a.raw", std::filesystem::perms::owner_read);
  EXPECT_FALSE(all_still_hold(probe));
}
TEST_F(FactsTest, NoticeAWrittenManifest) {
  temp.write("m.json", "{ }");
  EXPECT_FALSE(all_still_hold(probe));
}
TEST_F(FactsTest, NoticeANewFileInAListedFolder) {
  temp.write("d/y", "1");
  EXPECT_FALSE(all_still_hold(probe));
}
TEST_F(FactsTest, NoticeThatAnAbsentFileHasCome) {
  temp.write("absent", "1");
  EXPECT_FALSE(all_still_hold(probe));
}
TEST_F(FactsTest, NoticeThatADanglingLinkLeadsToAFolderNow) {
  temp.folder("d/../absent-folder");
  std::filesystem::create_directories(temp / "d/absent-folder");
  EXPECT_FALSE(all_still_hold(probe));
}
TEST_F(FactsTest, NoticeThatARefusedFileHasBecomeARegularOne) {
  std::filesystem::remove(temp / "refused");
  temp.write("refused", "1");
  EXPECT_FALSE(all_still_hold(probe));
}

TEST(Facts, CheckThousandsOfFilesInThreads) {
  TempFolder temp;
  FileProbe probe = probe_anywhere();
  for (int i = 0; i < 3000; ++i) probe.source(temp.write("f" + std::to_string(i), "x"), 1);
  const FileTable files = probe.take_files();
  ASSERT_EQ(files.size(), 3000u);
  EXPECT_TRUE(all_hold({}, files, new_walk()));
  std::filesystem::remove(temp / "f2999");
  EXPECT_FALSE(all_hold({}, files, new_walk()));
}

TEST(Facts, DistrustTimesThatAreTooFresh) {
  constexpr Nanoseconds kSecond = 1'000'000'000, kNow = 1'700'000'000 * kSecond;
  const auto conclusive = [&](Nanoseconds modified, Nanoseconds changed) {
    FileTable files;
    FileIdentity identity;
    identity.modified = modified;
    identity.changed = changed;
    files.add("x", identity, 0);
    const bool of_sources = times_are_conclusive({}, files, kNow);
    const Facts facts = {{Fact::Kind::is_unchanged, "x", "", identity}};
    EXPECT_EQ(times_are_conclusive(facts, FileTable(), kNow), of_sources);
    return of_sources;
  };
  EXPECT_TRUE(conclusive(kNow - 10 * kSecond, kNow - 10 * kSecond));
  EXPECT_FALSE(conclusive(kNow - 10 * kSecond, kNow - kSecond));
  EXPECT_FALSE(conclusive(kNow - kSecond, kNow - 10 * kSecond));
  EXPECT_TRUE(conclusive(kNow + 1000 * kSecond, kNow - 10 * kSecond)) << "an mtime set to the future";
  EXPECT_FALSE(conclusive(kNow, kNow + kSecond)) << "a server whose clock is ahead";
}

TEST(FileTable, HashesCompleteNumpyHeadersOnly) {
  const Result<std::string> header = write_numpy_header(Dtype::simple(Kind::floating, 8), Shape{3}, Order::c);
  ASSERT_TRUE(header.ok());
  EXPECT_NE(header_hash(*header), 0u);
  EXPECT_EQ(header_hash(*header + "data"), header_hash(*header));
  EXPECT_EQ(header_hash(header->substr(0, 100)), 0u);
  EXPECT_EQ(header_hash("just bytes, no header"), 0u);
  EXPECT_EQ(header_hash(""), 0u);
}

}  // namespace
}  // namespace ndcat
