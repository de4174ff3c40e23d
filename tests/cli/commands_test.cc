// run() in-process: what main() hands over, and what only a test can put in its place.
#include "fs/commands/commands.h"

#include <gtest/gtest.h>
#include <stdlib.h>

#include <filesystem>
#include <fstream>
#include <sstream>

namespace ndcat {
namespace {

constexpr std::array kOptions = {MountOptionHelp{"sources=DIR", "Folders."}};

/// A folder with one manifest, and run() with strings for streams.
class Commands : public testing::Test {
 protected:
  Commands() {
    std::string name = testing::TempDir() + "ndcat-commands-XXXXXX";
    folder_ = ::mkdtemp(name.data());
    std::ofstream(folder_ / "one.json") << R"({"full": 1, "shape": [2, 3], "dtype": "int16"})";
  }
  ~Commands() override { std::filesystem::remove_all(folder_); }

  ExitCode run(std::vector<std::string> words) {
    const Mounting mounting{[&](const MountRequest& request, std::ostream& err) {
                              mounted_ = request;
                              err << "mounted\n";
                              return mount_result_;
                            },
                            kOptions, "FUSE 1.2"};
    out_.str("");
    err_.str("");
    return ndcat::run(words, mounting, console_);
  }

  std::filesystem::path folder_;
  std::ostringstream out_, err_;
  Console console_{out_, err_, -1};
  std::optional<MountRequest> mounted_;
  ExitCode mount_result_ = ExitCode::mount;
};

TEST_F(Commands, MountIsHandedOverAsGiven) {
  EXPECT_EQ(run({"a", "b", "-f", "-o", "x,y"}), ExitCode::mount);
  ASSERT_TRUE(mounted_);
  EXPECT_EQ(mounted_->manifests, "a");
  EXPECT_EQ(mounted_->mountpoint, "b");
  EXPECT_EQ(mounted_->options, std::vector<std::string>{"x,y"});
  EXPECT_TRUE(mounted_->foreground);
  EXPECT_EQ(err_.str(), "mounted\n");
}

TEST_F(Commands, NothingIsMountedWhenTheWordsAreWrong) {
  EXPECT_EQ(run({"a", "b", "c"}), ExitCode::usage);
  EXPECT_FALSE(mounted_);
  EXPECT_EQ(out_.str(), "");
}

TEST_F(Commands, AMisspeltCommandIsGuessed) {
  mount_result_ = ExitCode::input_output;
  EXPECT_EQ(run({"chekc", "runs"}), ExitCode::input_output);
  EXPECT_EQ(err_.str(), "mounted\nDid you mean `ndcat check`?\n");
  EXPECT_EQ(run({"elsewhere", "runs"}), ExitCode::input_output);
  EXPECT_EQ(err_.str(), "mounted\n");
}

TEST_F(Commands, VersionHasBothParts) {
  EXPECT_EQ(run({"--version"}), ExitCode::ok);
  EXPECT_TRUE(out_.str().starts_with("ndcat "));
  EXPECT_TRUE(out_.str().ends_with("\nFUSE 1.2\n"));
}

TEST_F(Commands, HelpOnMountHasTheMountOptions) {
  EXPECT_EQ(run({"mount", "--help"}), ExitCode::ok);
  EXPECT_NE(out_.str().find("sources=DIR"), std::string::npos);
  EXPECT_NE(out_.str().find("Folders."), std::string::npos);
}

TEST_F(Commands, CheckAndShowSeeTheFolder) {
  const std::string path = folder_ / "one.json";
  EXPECT_EQ(run({"check", folder_}), ExitCode::ok);
  EXPECT_EQ(out_.str(), path + ": int16 (2, 3) C order, 12 bytes, no sources\n");
  EXPECT_EQ(run({"show", path}), ExitCode::ok);
  EXPECT_EQ(err_.str(), "");
  EXPECT_NE(out_.str().find("shape       (2, 3)"), std::string::npos);
}

TEST_F(Commands, AFailingStreamIsAnExitCode) {
  out_.setstate(std::ios::badbit);
  EXPECT_EQ(run({"check", folder_}), ExitCode::input_output);
  EXPECT_EQ(err_.str(), "ndcat: cannot write to standard output: Input/output error\n");
}

TEST_F(Commands, CatRefusesATerminalBeforeItLooksAtAnything) {
  console_.out_is_terminal = true;
  EXPECT_EQ(run({"cat", "nowhere.json"}), ExitCode::usage);
  EXPECT_NE(err_.str().find("is a terminal"), std::string::npos);
}

TEST_F(Commands, ProgressShowsOnTerminalsOnly) {
  for (const bool is_terminal : {false, true}) {
    console_.err_is_terminal = is_terminal;
    Progress progress(console_);
    EXPECT_FALSE(progress.is_due()) << "not in the first second";
    err_.str("");
    progress.show("half");
    progress.clear();
    EXPECT_EQ(err_.str(), "half\r\033[K");
  }
}

}  // namespace
}  // namespace ndcat
