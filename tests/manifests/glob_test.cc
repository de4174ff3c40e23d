// Patterns: the matching of one name, and the files that are found.
#include "manifests/words/glob.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "tests/support/fake_probe.h"

namespace ndcat {
namespace {

using Names = std::vector<std::string>;

TEST(GlobMatch, StarsAndQuestionMarks) {
  EXPECT_TRUE(glob_matches("*", "a.npy"));
  EXPECT_TRUE(glob_matches("part-*.npy", "part-.npy"));
  EXPECT_TRUE(glob_matches("*a*b*", "xxaxxbxx"));
  EXPECT_TRUE(glob_matches("a?c", "abc"));
  EXPECT_FALSE(glob_matches("a?c", "ac"));
  EXPECT_FALSE(glob_matches("*.npy", "a.npz"));
  EXPECT_FALSE(glob_matches("", "a"));
  EXPECT_TRUE(glob_matches("", ""));
  EXPECT_TRUE(glob_matches("**", "abc"));
}

TEST(GlobMatch, Sets) {
  EXPECT_TRUE(glob_matches("[abc]", "b"));
  EXPECT_TRUE(glob_matches("[a-c]", "b"));
  EXPECT_FALSE(glob_matches("[a-c]", "d"));
  EXPECT_TRUE(glob_matches("[!a-c]", "d"));
  EXPECT_TRUE(glob_matches("[^a-c]", "d"));
  EXPECT_FALSE(glob_matches("[!a-c]", "a"));
  EXPECT_TRUE(glob_matches("[]a]", "]"));
  EXPECT_TRUE(glob_matches("[a-]", "-"));
  EXPECT_TRUE(glob_matches("[\\]]", "]"));
  EXPECT_TRUE(glob_matches("[", "["));
  EXPECT_TRUE(glob_matches("[a", "[a"));
}

TEST(GlobMatch, BackslashesAndHiddenNames) {
  EXPECT_TRUE(glob_matches("\\*", "*"));
  EXPECT_FALSE(glob_matches("\\*", "a"));
  EXPECT_FALSE(glob_matches("*", ".hidden"));
  EXPECT_FALSE(glob_matches("?hidden", ".hidden"));
  EXPECT_FALSE(glob_matches("[.]hidden", ".hidden"));
  EXPECT_TRUE(glob_matches(".*", ".hidden"));
  EXPECT_EQ(remove_backslashes("a\\*b\\\\"), "a*b\\");
  EXPECT_FALSE(has_wildcard("a\\*b"));
  EXPECT_TRUE(has_wildcard("a\\\\*b"));
}

TEST(GlobMatch, CharactersAreCodePointsAndStrayBytesCountAsOne) {
  EXPECT_TRUE(glob_matches("?", "é"));
  EXPECT_TRUE(glob_matches("[à-ï]", "é"));
  EXPECT_TRUE(glob_matches("a?b",
                           "a\xff"
                           "b"));
  EXPECT_FALSE(glob_matches("a?b",
                            "a\xff\xfe"
                            "b"));
}

TEST(GlobMatch, TakesTimeProportionalToTheProductOfTheLengths) {
  std::string pattern;
  for (int i = 0; i < 1000; ++i) pattern += "*a";
  EXPECT_FALSE(glob_matches(pattern + "b", std::string(2000, 'a')));
}

TEST(Glob, FindsFilesInNaturalOrder) {
  FakeProbe probe;
  for (const char* name :
       {"part-10.npy", "part-2.npy", "part-1.npy", "other.npy", ".part-3.npy", "part-4.npy/x"}) {
    probe.add(name, "");
  }
  EXPECT_EQ(GlobFinder(probe, "").find("part-*.npy").names,
            (Names{"part-1.npy", "part-2.npy", "part-10.npy"}));
}

TEST(Glob, CrossesFolders) {
  FakeProbe probe;
  for (const char* name : {"m/a.npy", "m/x/b.npy", "m/x/y/c.npy", "m/.h/d.npy", "m/x2/e.npy", "f.npy"})
    probe.add(name, "");
  GlobFinder finder(probe, "m/");
  EXPECT_EQ(finder.find("**/*.npy").names, (Names{"a.npy", "x/b.npy", "x/y/c.npy", "x2/e.npy"}));
  EXPECT_EQ(finder.find("**").names, (Names{"a.npy", "x/b.npy", "x/y/c.npy", "x2/e.npy"}));
  EXPECT_EQ(finder.find("x*/*").names, (Names{"x/b.npy", "x2/e.npy"}));
  EXPECT_EQ(finder.find("x/**/c.npy").names, (Names{"x/y/c.npy"}));
  EXPECT_EQ(finder.find("**/**/x/**/*.npy").names, (Names{"x/b.npy", "x/y/c.npy"}));
  EXPECT_EQ(finder.find("./x/./*").names, (Names{"./x/./b.npy"}));
  EXPECT_EQ(finder.find("../m/*.npy").names, (Names{"../m/a.npy"}));
  EXPECT_EQ(finder.find("none/*").names, Names{});
  EXPECT_EQ(finder.find("*.npy/").names, Names{});
  EXPECT_EQ(GlobFinder(probe, "").find("**/[ac].npy").names, (Names{"m/a.npy", "m/x/y/c.npy"}));
}

TEST(Glob, AbsolutePatternsStartAtTheRoot) {
  FakeProbe probe;
  probe.add("/data/a.npy", "");
  EXPECT_EQ(GlobFinder(probe, "m/").find("/data/*").names, (Names{"/data/a.npy"}));
}

TEST(Glob, FollowsLinksButNotInCircles) {
  FakeProbe probe;
  probe.add("m/a.npy", "");
  probe.add("other/b.npy", "");
  probe.link_folder("m/loop", "m");
  probe.link_folder("m/there", "other");
  const GlobFinder::Found found = GlobFinder(probe, "m/").find("**/*.npy");
  EXPECT_EQ(found.names, (Names{"a.npy", "there/b.npy"}));
}

TEST(Glob, SaysWhichFoldersItCouldNotSearch) {
  FakeProbe probe;
  probe.add("m/a.npy", "");
  probe.refuse_folder("m/secret", "permission denied");
  const GlobFinder::Found found = GlobFinder(probe, "m/").find("**/*.npy");
  EXPECT_EQ(found.errors, (Names{"cannot search the folder secret/: permission denied"}));
}

/// `count` folders in m/, each with a link to every other; "target.npy" lies in the first.
FakeProbe linked_to_each_other(int count) {
  FakeProbe probe;
  const auto folder = [](int i) { return "m/d" + std::to_string(i); };
  for (int from = 0; from < count; ++from) {
    probe.add(folder(from) + "/other.raw", "");
    for (int to = 0; to < count; ++to) {
      if (to != from) probe.link_folder(folder(from) + "/to" + std::to_string(to), folder(to));
    }
  }
  probe.add("m/d0/target.npy", "");
  return probe;
}

TEST(Glob, GivesUpWhereLinksMakeAFewFoldersEndless) {
  FakeProbe few = linked_to_each_other(4);
  const GlobFinder::Found all = GlobFinder(few, "m/").find("**/target.npy");
  EXPECT_EQ(all.names.size(), 16U) << "the ways to one of four folders that pass none of them twice";
  EXPECT_TRUE(all.errors.empty());
  FakeProbe many = linked_to_each_other(9);
  const GlobFinder::Found found = GlobFinder(many, "m/").find("**/target.npy");
  EXPECT_EQ(found.errors,
            (Names{"links lead to the same folders again and again; name the folder more closely"}));
  EXPECT_LT(many.directories_asked, 20'000U);
}

TEST(Glob, ReadsEachFolderOnce) {
  FakeProbe probe;
  probe.add("m/a1.npy", "");
  GlobFinder finder(probe, "m/");
  for (const char* pattern : {"a*", "b*", "c*", "a?.npy"}) finder.find(pattern);
  EXPECT_EQ(probe.directories_asked, 1U);
}

}  // namespace
}  // namespace ndcat
