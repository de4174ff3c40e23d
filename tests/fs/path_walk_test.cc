#include "fs/files/path_walk.h"

#include <gtest/gtest.h>
#include <sys/socket.h>
#include <sys/un.h>

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <thread>
#include <vector>

#include "fs/files/clocks.h"
#include "fs/files/permission_classes.h"
#include "fs/files/recent_walk.h"
#include "tests/fs/temp_folder.h"

namespace ndcat {
namespace {

using testing::TempFolder;

std::shared_ptr<const AccessRules> anywhere() { return std::make_shared<AccessRules>(); }
std::shared_ptr<const AccessRules> only_in(const std::string& folder) {
  return std::make_shared<AccessRules>(std::vector<std::string>{folder});
}

FileIdentity stat_of(const std::string& path) {
  struct statx status;
  EXPECT_EQ(::statx(AT_FDCWD, path.c_str(), 0, kIdentityFields, &status), 0) << path;
  return identity_of(status);
}

TEST(PathWalk, FindsAFileAsTheKernelDoes) {
  TempFolder temp;
  const std::string path = temp.write("a/b/c.raw", "12345");
  PathWalk walk(anywhere());
  for (const std::string& way : {path, temp / "a/./b//c.raw", temp / "a/b/../b/c.raw",
                                 temp / "../" + path.substr(path.find("ndcat-test"))}) {
    const Location found = walk.locate(way);
    ASSERT_TRUE(found.ok()) << way << ": " << found.reason;
    EXPECT_EQ(found.identity, stat_of(path)) << way;
    EXPECT_EQ(found.real_path(), path) << way;
    EXPECT_EQ(found.identity.size, 5);
  }
}

TEST(PathWalk, StartsRelativePathsAtTheProcessesFolder) {
  TempFolder temp;
  temp.write("a.raw", "1");
  const std::string before = std::filesystem::current_path();
  std::filesystem::current_path(temp.path());
  const Location found = PathWalk(anywhere()).locate("a.raw");
  std::filesystem::current_path(before);
  ASSERT_TRUE(found.ok()) << found.reason;
  EXPECT_EQ(found.real_path(), temp / "a.raw");
}

TEST(PathWalk, FollowsLinksOfEveryKind) {
  TempFolder temp;
  const std::string path = temp.write("store/deep/x.raw", "1");
  temp.link("absolute", path);
  temp.link("relative", "store/deep/x.raw");
  temp.link("folder", "store/deep/");
  temp.link("store/up", "../folder");
  temp.link("twice", "relative");
  PathWalk walk(anywhere());
  for (const char* way :
       {"absolute", "relative", "folder/x.raw", "store/up/x.raw", "twice", "folder/../deep/x.raw"}) {
    const Location found = walk.locate(temp / way);
    ASSERT_TRUE(found.ok()) << way << ": " << found.reason;
    EXPECT_EQ(found.real_path(), path) << way;
  }
  EXPECT_EQ(walk.locate(temp / "folder").real_path(), temp / "store/deep");
  EXPECT_EQ(walk.locate("/").real_path(), "/");
}

TEST(PathWalk, SaysWhyThereIsNothing) {
  TempFolder temp;
  temp.write("file", "1");
  temp.link("dangling", "nowhere");
  temp.link("loop", "loop");
  temp.link("loop-a", "loop-b/x");
  temp.link("loop-b", "loop-a/x");
  PathWalk walk(anywhere());
  for (const char* way : {"absent", "absent/x", "file/x", "dangling", "file/"}) {
    const Location found = walk.locate(temp / way);
    EXPECT_EQ(found.failure, ProbeFailure::absent) << way;
    EXPECT_EQ(found.reason, "no such file") << way;
  }
  for (const char* way : {"loop", "loop-a", "loop/x"}) {
    const Location found = walk.locate(temp / way);
    EXPECT_EQ(found.failure, ProbeFailure::refused) << way;
    EXPECT_EQ(found.error_number, ELOOP) << way;
  }
  EXPECT_EQ(walk.locate("").failure, ProbeFailure::absent);
  EXPECT_EQ(walk.locate(std::string("/tmp\0/x", 7)).reason, "the path contains a NUL byte");
  EXPECT_EQ(walk.locate("/" + std::string(300, 'x')).error_number, ENAMETOOLONG);
  std::string long_path;
  while (long_path.size() < 1 << 20) long_path += "/x";
  EXPECT_EQ(walk.locate(long_path).error_number, ENAMETOOLONG);
}

TEST(PathWalk, OpensNothingButFilesAndFolders) {
  TempFolder temp;
  ASSERT_EQ(::mkfifo((temp / "fifo").c_str(), 0600), 0);
  const int socket = ::socket(AF_UNIX, SOCK_STREAM, 0);
  sockaddr_un address = {AF_UNIX, {}};
  (temp / "sock").copy(address.sun_path, sizeof address.sun_path - 1);
  ASSERT_EQ(::bind(socket, reinterpret_cast<const sockaddr*>(&address), sizeof address), 0);
  ::close(socket);
  temp.link("null", "/dev/null");
  PathWalk walk(anywhere());
  const std::pair<const char*, const char*> cases[] = {
      {"fifo", "is a FIFO"}, {"sock", "is a socket"}, {"null", "is a character device"}};
  for (const auto& [name, reason] : cases) {
    const Location found = walk.locate(temp / name);
    ASSERT_TRUE(found.ok()) << found.reason;
    const OpenedFile opened = walk.open(found);
    EXPECT_FALSE(opened.fd.is_open());
    EXPECT_EQ(opened.failure, ProbeFailure::refused);
    EXPECT_EQ(opened.reason, reason);
  }
}

TEST(PathWalk, NoticesAFileReplacedBetweenLookingAndOpening) {
  TempFolder temp;
  temp.write("a", "old");
  PathWalk walk(anywhere());
  const Location found = walk.locate(temp / "a");
  temp.replace("a", "new");
  const OpenedFile opened = walk.open(found);
  EXPECT_NE(opened.failure, ProbeFailure::none);
  EXPECT_EQ(opened.error_number, ESTALE);
  std::filesystem::remove(temp / "a");
  temp.link("a", "/etc/passwd");
  EXPECT_EQ(walk.open(found).error_number, ESTALE);
}

TEST(PathWalk, ConfinesToAllowedFoldersByRealPath) {
  TempFolder temp;
  temp.write("in/a.raw", "1");
  temp.write("inside/b.raw", "1");
  temp.write("out/c.raw", "1");
  temp.link("in/escape", "../out/c.raw");
  temp.link("in/escape-folder", "../out");
  temp.link("out/back", "../in");
  PathWalk walk(only_in(temp / "in"));
  EXPECT_TRUE(walk.locate(temp / "in/a.raw").ok());
  EXPECT_TRUE(walk.locate(temp / "in").ok());
  EXPECT_TRUE(walk.locate(temp / "out/back/a.raw").ok()) << "the real path counts, not the way";
  for (const char* way :
       {"inside/b.raw", "out/c.raw", "in/escape", "in/escape-folder", "in/escape-folder/c.raw",
        "in/../out/c.raw", "out/absent", "absent", "in/escape-folder/absent", ""}) {
    const Location found = walk.locate(temp / way);
    EXPECT_EQ(found.failure, ProbeFailure::refused) << way;
    EXPECT_EQ(found.reason, "lies outside the folders that this mount may read (see -o sources=)") << way;
  }
  EXPECT_EQ(walk.locate(temp / "in/absent").failure, ProbeFailure::absent);
  EXPECT_FALSE(walk.locate("/etc/passwd").ok());
}

/// The permissions that a walk confined to `in` gives a file of mode 0644.
std::uint32_t mode_of(const TempFolder& temp, const std::string& path) {
  const Location found = PathWalk(only_in(temp / "in")).locate(temp / path);
  EXPECT_TRUE(found.ok()) << path << ": " << found.reason;
  const OpenedFile opened = PathWalk(only_in(temp / "in")).open(found);
  EXPECT_EQ(opened.identity, found.identity) << path;
  return found.identity.mode & 0777;
}

TEST(PathWalk, AClosedFolderClosesTheFilesInItToOthers) {
  TempFolder temp;
  for (const char* path : {"in/open.raw", "in/closed/a.raw", "in/closed/deep/b.raw", "in/group/c.raw"}) {
    temp.write(path, "1");
    std::filesystem::permissions(temp / path, std::filesystem::perms(0644));
  }
  temp.link("in/link.raw", "closed/a.raw");
  std::filesystem::permissions(temp / "in/closed", std::filesystem::perms(0700));
  std::filesystem::permissions(temp / "in/group", std::filesystem::perms(0750));
  EXPECT_EQ(mode_of(temp, "in/open.raw"), 0644u);
  EXPECT_EQ(mode_of(temp, "in/closed/a.raw"), 0600u);
  EXPECT_EQ(mode_of(temp, "in/closed/deep/b.raw"), 0600u);
  EXPECT_EQ(mode_of(temp, "in/link.raw"), 0600u);
  EXPECT_EQ(mode_of(temp, "in/group/c.raw"), 0640u);
  EXPECT_EQ(mode_of(temp, "in/closed/../open.raw"), 0644u) << "it is not in there";
  EXPECT_EQ(PathWalk(anywhere()).locate(temp / "in/closed/a.raw").identity.mode & 0777, 0644u)
      << "nobody else reads it";
  std::filesystem::permissions(temp / "in", std::filesystem::perms(0700));
  EXPECT_EQ(mode_of(temp, "in/closed/../open.raw"), 0600u);
}

TEST(PermissionClasses, GrantNobodyWhatTheOtherFileRefuses) {
  const std::uint32_t me = 1;
  int granted_at_all = 0;
  for (const Ownership file : {Ownership{2, 5}, Ownership{3, 5}, Ownership{2, 6}}) {
    for (const Ownership other : {Ownership{2, 5}, Ownership{3, 6}}) {
      for (std::uint32_t bits = 0; bits < 8; ++bits) {
        const std::uint32_t classes = classes_granted(file, other, bits, me);
        for (const std::uint32_t uid : {2u, 3u, 4u}) {
          for (const std::vector<std::uint32_t>& groups : {{}, {5}, {6}, std::vector<std::uint32_t>{5, 6}}) {
            const auto class_in = [&](Ownership owned) {
              if (uid == owned.uid) return 4u;
              return std::count(groups.begin(), groups.end(), owned.gid) > 0 ? 2u : 1u;
            };
            if ((classes & class_in(file)) == 0) continue;
            ++granted_at_all;
            EXPECT_NE(bits & class_in(other), 0u) << uid << ", " << file.uid << ':' << file.gid << " and "
                                                  << other.uid << ':' << other.gid << ' ' << bits;
          }
        }
      }
    }
  }
  EXPECT_GT(granted_at_all, 0);
  EXPECT_EQ(classes_granted({me, 5}, {2, 5}, 0, me), 4u);
}

TEST(PathWalk, NeverEntersItsOwnMount) {
  TempFolder temp;
  temp.link("way", "/proc/version");
  const std::uint64_t proc = stat_of("/proc/version").device;
  PathWalk walk(std::make_shared<AccessRules>(std::nullopt, proc));
  for (const std::string& way :
       {std::string("/proc/version"), std::string("/proc"), std::string("/proc/1/status"), temp / "way"}) {
    const Location found = walk.locate(way);
    EXPECT_EQ(found.failure, ProbeFailure::refused) << way;
    EXPECT_TRUE(found.is_inside_own_mount()) << way;
    EXPECT_EQ(found.reason, "the source lies inside the mount point") << way;
  }
}

TEST(AccessRules, ComparesWholeComponents) {
  const AccessRules rules(std::vector<std::string>{"/a/b", "/c"});
  for (const char* path : {"/a/b", "/a/b/x", "/c/d/e"}) EXPECT_TRUE(rules.allows(path)) << path;
  for (const char* path : {"/a/bc", "/a", "/", "/cc/x"}) EXPECT_FALSE(rules.allows(path)) << path;
  EXPECT_TRUE(AccessRules(std::vector<std::string>{"/"}).allows("/x"));
  EXPECT_FALSE(AccessRules(std::vector<std::string>{}).allows("/x"));
}

TEST(RecentWalk, RemembersFoldersForASecondAndLooksAtNamesEachTime) {
  TempFolder temp;
  const std::string path = temp.write("a/b/c.raw", "1");
  int begun = 0;
  RecentWalk walk([&] {
    ++begun;
    return PathWalk(anywhere());
  });
  EXPECT_EQ(walk.locate(path).identity, stat_of(path));
  temp.write("a/b/new", "22");
  std::filesystem::rename(temp / "a/b/new", path);
  EXPECT_EQ(walk.locate(path).identity, stat_of(path)) << "another file has the name";
  std::filesystem::remove(path);
  EXPECT_EQ(walk.locate(path).failure, ProbeFailure::absent);
  EXPECT_EQ(begun, 1);
  walk.trim(monotonic_clock());
  temp.write("a/b/c.raw", "333");
  EXPECT_EQ(walk.locate(path).identity.size, 3);
  EXPECT_EQ(begun, 2) << "it was trimmed";
  std::this_thread::sleep_for(std::chrono::milliseconds(1050));
  std::filesystem::rename(temp / "a/b", temp / "a/away");
  EXPECT_FALSE(walk.locate(path).ok()) << "the folder that it remembered has gone";
  EXPECT_EQ(begun, 3);
}

}  // namespace
}  // namespace ndcat
