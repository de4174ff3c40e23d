#include "fs/mount/options.h"

#include <gtest/gtest.h>

#include <set>

#include "fs/mount/mount.h"
#include "fs/mount/option_table.h"

namespace ndcat {
namespace {

using Texts = std::vector<std::string>;

std::string error_of(const std::string& text) {
  const auto options = parse_mount_options({text});
  return options ? "" : options.error().message;
}

TEST(MountOptions, NothingGivesTheDefaults) {
  const auto options = parse_mount_options({});
  ASSERT_TRUE(options);
  EXPECT_TRUE(options->for_libfuse.empty());
  EXPECT_EQ(options->settle, std::chrono::seconds(60));
  EXPECT_FALSE(options->allows_others);
  EXPECT_FALSE(options->threads);
}

TEST(MountOptions, WhatFstabCarriesIsAcceptedAndGoesNowhere) {
  const auto options =
      parse_mount_options({"rw,noauto,user,users,nofail,_netdev,defaults,relatime,x-systemd.automount,X-"
                           "mount.mkdir=0755,comment=a b,,auto"});
  ASSERT_TRUE(options) << options.error().message;
  EXPECT_TRUE(options->for_libfuse.empty());
}

TEST(MountOptions, WhatMountTakesForEveryFileSystemIsAccepted) {
  // All of "filesystem-independent mount options" in mount(8) but remount.
  const auto options = parse_mount_options(
      {"async,atime,noatime,auto,noauto,defaults,dev,nodev,diratime,nodiratime,dirsync,exec,noexec,group,"
       "iversion,noiversion,mand,nomand,_netdev,nofail,relatime,norelatime,strictatime,nostrictatime,"
       "lazytime,"
       "nolazytime,suid,nosuid,silent,loud,owner,ro,rw,sync,user,nouser,users,nosymfollow,context=c,"
       "fscontext=f,defcontext=d,rootcontext=r"});
  EXPECT_TRUE(options) << options.error().message;
}

TEST(MountOptions, NamesAreNotEmpty) {
  EXPECT_EQ(error_of("fsname="), "-o fsname=: the name is empty");
  EXPECT_EQ(error_of("subtype="), "-o subtype=: the name is empty");
}

TEST(MountOptions, OptionsOfLibfuseAreHandedOn) {
  const auto options = parse_mount_options({"allow_other,nodev", "max_read=65536"});
  ASSERT_TRUE(options);
  EXPECT_EQ(options->for_libfuse, (Texts{"allow_other", "nodev", "max_read=65536"}));
  EXPECT_TRUE(options->allows_others);
}

TEST(MountOptions, SourcesAddUpAndAreSeparatedByColons) {
  const auto options = parse_mount_options({"sources=/a:b/c", "sources=d"});
  ASSERT_TRUE(options);
  EXPECT_EQ(options->sources, (Texts{"/a", "b/c", "d"}));
  EXPECT_NE(error_of("sources=/a::/b").find("empty"), std::string::npos);
  EXPECT_NE(error_of("sources=").find("empty"), std::string::npos);
}

TEST(MountOptions, ABackslashTakesACommaIntoTheOption) {
  const auto options = parse_mount_options({R"(fsname=a\,b\\c,sources=/x\,y)"});
  ASSERT_TRUE(options);
  EXPECT_EQ(options->file_system_name, R"(a,b\c)");
  EXPECT_EQ(options->sources, Texts{"/x,y"});
  EXPECT_EQ(escape_option(R"(a,b\c)"), R"(a\,b\\c)");
}

TEST(MountOptions, NumbersAreWholeNumbers) {
  const auto options = parse_mount_options({"settle=5,threads=3,max_threads=9,max_idle_threads=2"});
  ASSERT_TRUE(options);
  EXPECT_EQ(options->settle, std::chrono::seconds(5));
  EXPECT_EQ(options->threads, 3);
  EXPECT_EQ(options->max_threads, 9);
  EXPECT_EQ(options->max_idle_threads, 2);
  for (const char* bad : {"settle=", "settle=-1", "settle=1.5", "settle=5s", "max_threads=0", "threads=0",
                          "settle=99999999999"}) {
    EXPECT_NE(error_of(bad).find("whole number"), std::string::npos) << bad;
  }
}

TEST(MountOptions, ReadAheadIsASizeThatMayBeLeftToTheKernel) {
  EXPECT_FALSE(parse_mount_options({})->read_ahead);
  EXPECT_EQ(parse_mount_options({"readahead=512K"})->read_ahead, std::size_t{512} << 10);
  EXPECT_EQ(parse_mount_options({"readahead=0"})->read_ahead, 0U);
  EXPECT_EQ(parse_mount_options({"readahead=1G"})->read_ahead, std::size_t{1} << 30);
  EXPECT_EQ(error_of("readahead=1025M"), "-o readahead=1025M: the kernel can read 1G ahead at most");
  EXPECT_NE(error_of("readahead=far").find("the value must be"), std::string::npos);
}

TEST(MountOptions, SizesAreBytesOrHaveALetter) {
  const auto size_of = [](const std::string& text) { return parse_mount_options({"cache=" + text})->cache; };
  EXPECT_EQ(parse_mount_options({})->cache, std::size_t{48} << 20);
  EXPECT_EQ(size_of("0"), 0U);
  EXPECT_EQ(size_of("1000"), 1000U);
  EXPECT_EQ(size_of("24K"), std::size_t{24} << 10);
  EXPECT_EQ(size_of("3M"), std::size_t{3} << 20);
  EXPECT_EQ(size_of("2G"), std::size_t{2} << 30);
  EXPECT_EQ(
      error_of("cache=1T"),
      "-o cache=1T: the value must be a number of bytes, or of K, M or G: 1048576, 1024K and 1M are the "
      "same");
  for (const char* text :
       {"cache=", "cache=M", "cache=-1", "cache=1MB", "cache=1 M", "cache=99999999999999G"}) {
    EXPECT_NE(error_of(text).find("the value must be"), std::string::npos) << text;
  }
}

TEST(MountOptions, WaysOfReadingAreForcedAndForbiddenByName) {
  const auto options = parse_mount_options({"force=maps:panels,without=predictor"});
  ASSERT_TRUE(options) << options.error().message;
  EXPECT_EQ(options->mechanisms.maps, Use::always);
  EXPECT_EQ(options->mechanisms.panels, Use::always);
  EXPECT_EQ(options->mechanisms.predictor, Use::never);
  EXPECT_EQ(options->mechanisms.drop_behind, Use::automatic);
  EXPECT_EQ(error_of("force=maps:panel"),
            "-o force=maps:panel: no way of reading is called \"panel\"; there are maps, prefetch, "
            "drop_behind, panels, "
            "index, predictor");
  EXPECT_NE(error_of("without=").find("there are maps"), std::string::npos);
}

TEST(MountOptions, AnUnknownOptionIsAnErrorThatNamesTheNearest) {
  EXPECT_EQ(error_of("allow_ohter"), "-o allow_ohter: unknown option; did you mean \"allow_other\"?");
  EXPECT_EQ(error_of("source=/a"), "-o source=/a: unknown option; did you mean \"sources\"?");
  EXPECT_EQ(error_of("zzzzzzzz"), "-o zzzzzzzz: unknown option");
  EXPECT_EQ(error_of("settle"), "-o settle: the option settle needs a value: settle=...");
  EXPECT_EQ(error_of("allow_other=1"), "-o allow_other=1: the option allow_other takes no value");
}

TEST(MountOptions, EveryOptionInTheTableIsUniqueAndParses) {
  std::set<std::string_view> names;
  for (const KnownOption& known : known_options()) {
    EXPECT_TRUE(names.insert(known.name).second) << known.name;
    const bool names_mechanisms =
        known.use == OptionUse::force_mechanisms || known.use == OptionUse::forbid_mechanisms;
    const std::string value = names_mechanisms ? "maps" : "1";
    const std::string text = std::string(known.name) + (known.name.ends_with('=') ? value : "");
    EXPECT_EQ(error_of(text), "");
    EXPECT_EQ(known.shown_as == nullptr, known.help == nullptr) << known.name;
  }
  EXPECT_GE(mount_option_help().size(), 10u);
}

TEST(MountOptions, TheHelpNamesTheDefaults) {
  const MountOptions defaults;
  const auto help_of = [](std::string_view name) {
    for (const KnownOption& known : known_options()) {
      if (known.name == name) return std::string(known.help);
    }
    return std::string();
  };
  const auto in_brackets = [](long long number) { return "(" + std::to_string(number) + ")"; };
  EXPECT_NE(help_of("max_threads=").find(in_brackets(defaults.max_threads)), std::string::npos);
  EXPECT_NE(help_of("max_idle_threads=").find(in_brackets(defaults.max_idle_threads)), std::string::npos);
  const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(defaults.settle);
  EXPECT_NE(help_of("settle=").find(in_brackets(seconds.count())), std::string::npos);
}

}  // namespace
}  // namespace ndcat
