#include "fs/files/narrowest.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <optional>

namespace ndcat {
namespace {

struct User {
  std::uint32_t uid;
  std::vector<std::uint32_t> groups;
};

FileIdentity file(std::uint32_t uid, std::uint32_t gid, std::uint32_t mode) {
  FileIdentity identity;
  identity.uid = uid;
  identity.gid = gid;
  identity.mode = S_IFREG | mode;
  return identity;
}

/// As the kernel decides: the first class that the user is in counts.
bool may_read(const User& user, std::uint32_t uid, std::uint32_t gid, std::uint32_t mode) {
  if (user.uid == uid) return (mode & 0400) != 0;
  if (std::find(user.groups.begin(), user.groups.end(), gid) != user.groups.end()) return (mode & 0040) != 0;
  return (mode & 0004) != 0;
}

Attributes narrowest_of(const std::vector<FileIdentity>& sources,
                        const std::vector<FileIdentity>& manifests) {
  FileTable table;
  for (std::size_t i = 0; i < sources.size(); ++i) table.add("f" + std::to_string(i), sources[i], 0);
  return narrowest(table, manifests);
}

TEST(Narrowest, IsTheIntersectionForOneOwner) {
  const Attributes seen = narrowest_of({file(7, 8, 0644), file(7, 8, 0440)}, {file(7, 8, 0777)});
  EXPECT_EQ(seen.permissions, 0440u);
  EXPECT_EQ(seen.uid, 7u);
  EXPECT_EQ(seen.gid, 8u);
}

TEST(Narrowest, OfOtherOwnersIsThisProcesses) {
  const Attributes seen = narrowest_of({file(7, 8, 0644), file(9, 10, 0644)}, {file(7, 8, 0644)});
  EXPECT_EQ(seen.permissions, 0444u);
  EXPECT_EQ(seen.uid, ::geteuid());
  EXPECT_EQ(seen.gid, ::getegid());
}

TEST(Narrowest, OfNoSourcesIsTheManifests) {
  EXPECT_EQ(narrowest_of({}, {file(7, 8, 0600)}).uid, 7u);
  EXPECT_EQ(narrowest_of({}, {}).permissions, 0400u);
}

TEST(Narrowest, TakesTheNewestTimes) {
  FileIdentity old = file(1, 1, 0644), recent = file(1, 1, 0644);
  old.modified = 5;
  old.changed = 50;
  recent.modified = 7;
  recent.changed = 40;
  const Attributes seen = narrowest_of({old}, {recent});
  EXPECT_EQ(seen.modified, 7);
  EXPECT_EQ(seen.changed, 50);
}

std::uint32_t write_permissions_of(const std::vector<FileIdentity>& sources) {
  FileTable table;
  for (std::size_t i = 0; i < sources.size(); ++i) table.add("f" + std::to_string(i), sources[i], 0);
  return write_permissions(table, narrowest(table, {}));
}

TEST(Narrowest, OnlyTheOwnerWritesToWhatRunsAsTheOwner) {
  EXPECT_EQ(write_permissions_of({file(7, 8, 0666), file(7, 8, 0664)}), 0220u);
  EXPECT_EQ(write_permissions_of({file(7, 8, 0666), file(7, 8, 04777)}), 0200u);
  EXPECT_EQ(write_permissions_of({file(7, 8, 02777)}), 0200u);
}

/// Every pair of files of two owners, two groups and all read bits, against every user: whoever may read the
/// result may read both. (This process's own user is let off: it has read them.)
TEST(Narrowest, LetsNobodyReadWhatTheyMayNot) {
  const std::uint32_t me = ::geteuid(), my_group = ::getegid();
  std::vector<FileIdentity> files;
  for (const std::uint32_t uid : {me + 1, me + 2}) {
    for (const std::uint32_t gid : {my_group, my_group + 1}) {
      for (std::uint32_t bits = 0; bits < 8; ++bits) {
        files.push_back(file(uid, gid, ((bits & 4) << 6) | ((bits & 2) << 4) | ((bits & 1) << 2)));
      }
    }
  }
  std::vector<User> users;
  for (const std::uint32_t uid : {me + 1, me + 2, me + 3}) {
    users.insert(users.end(),
                 {{uid, {}}, {uid, {my_group}}, {uid, {my_group + 1}}, {uid, {my_group, my_group + 1}}});
  }
  int readable = 0;
  for (const FileIdentity& a : files) {
    for (const FileIdentity& b : files) {
      const Attributes seen = narrowest_of({a}, {b});
      for (const User& user : users) {
        if (!may_read(user, seen.uid, seen.gid, seen.permissions)) continue;
        ++readable;
        EXPECT_TRUE(may_read(user, a.uid, a.gid, a.mode) && may_read(user, b.uid, b.gid, b.mode))
            << "user " << user.uid << ", files " << a.uid << ':' << a.gid << ' ' << std::oct << a.mode
            << " and " << std::dec << b.uid << ':' << b.gid << ' ' << std::oct << b.mode;
      }
    }
  }
  EXPECT_GT(readable, 0);
}

}  // namespace
}  // namespace ndcat
