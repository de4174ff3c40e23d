#include "fs/commands/arguments.h"

#include <gtest/gtest.h>

#include "fs/commands/command_texts.h"

namespace ndcat {
namespace {

using Words = std::vector<std::string>;

template <class T>
T parsed(const Words& words) {
  const auto request = parse_arguments(words);
  if (!request) {
    ADD_FAILURE() << request.error().message;
    return {};
  }
  const T* wanted = std::get_if<T>(&*request);
  if (wanted == nullptr) ADD_FAILURE() << "another command than expected: " << request->index();
  return wanted == nullptr ? T{} : *wanted;
}

std::string refused(const Words& words) {
  const auto request = parse_arguments(words);
  return request ? "" : request.error().message;
}

TEST(Arguments, MountIsMeantWhenTheFirstWordIsNoCommand) {
  for (const Words& words : {Words{"src", "mnt"}, Words{"mount", "src", "mnt"}}) {
    const auto request = parsed<MountRequest>(words);
    EXPECT_EQ(request.manifests, "src");
    EXPECT_EQ(request.mountpoint, "mnt");
    EXPECT_TRUE(request.options.empty());
    EXPECT_FALSE(request.foreground || request.debug || request.single_threaded);
  }
}

TEST(Arguments, AFolderNamedLikeACommandIsMountedByNamingTheCommand) {
  EXPECT_EQ(parsed<MountRequest>({"mount", "check", "mnt"}).manifests, "check");
  EXPECT_EQ(parsed<MountRequest>({"./check", "mnt"}).manifests, "./check");
}

TEST(Arguments, MountOptionsStandAnywhere) {
  for (const Words& words : {
           Words{"src", "mnt", "-f", "-d", "-s", "-o", "ro,allow_other", "-o", "x-y"},
           Words{"-f", "-o", "ro,allow_other", "src", "-d", "-o", "x-y", "mnt", "-s"},
           Words{"-fds", "-oro,allow_other", "-ox-y", "src", "mnt"},
           Words{"--foreground", "--debug", "--single-threaded", "--options=ro,allow_other", "--options",
                 "x-y", "src", "mnt"},
       }) {
    const auto request = parsed<MountRequest>(words);
    EXPECT_EQ(request.manifests, "src");
    EXPECT_EQ(request.mountpoint, "mnt");
    EXPECT_EQ(request.options, (Words{"ro,allow_other", "x-y"}));
    EXPECT_TRUE(request.foreground && request.debug && request.single_threaded);
  }
}

TEST(Arguments, AsMountFuse3CallsIt) {
  const auto request = parsed<MountRequest>({"/data/my runs", "/mnt", "-o", "rw,dev,suid,sources=/a:/b"});
  EXPECT_EQ(request.manifests, "/data/my runs");
  EXPECT_EQ(request.options, Words{"rw,dev,suid,sources=/a:/b"});
}

TEST(Arguments, PathsAreTakenAsTheyAre) {
  EXPECT_EQ(parsed<CheckRequest>({"check", "--", "-f", "--sources"}).paths, (Words{"-f", "--sources"}));
  EXPECT_EQ(parsed<CheckRequest>({"check", "a,b", "\xff", ""}).paths, (Words{"a,b", "\xff", ""}));
  EXPECT_EQ(parsed<CheckRequest>({"check", "[a,b]", "x[0]", "[", "]"}).paths,
            (Words{"./[a,b]", "x[0]", "[", "]"}));
  EXPECT_EQ(parsed<ShowRequest>({"show", "-1"}).path, "-1") << "looks like a number, as CLI11 sees it";
}

TEST(Arguments, SourcesAreSplitAtColons) {
  EXPECT_EQ(parsed<CheckRequest>({"check", "m"}).sources, std::nullopt);
  EXPECT_EQ(parsed<CheckRequest>({"check", "m", "--sources", "/a:/b c::d"}).sources,
            (Words{"/a", "/b c", "d"}));
  EXPECT_EQ(parsed<CatRequest>({"cat", "--sources", "", "m"}).sources, Words{});
  EXPECT_EQ(parsed<ShowRequest>({"show", "--sources", ".", "m", "--json"}).sources, Words{"."});
}

TEST(Arguments, ViewIsNumPyUnlessToldOtherwise) {
  EXPECT_EQ(parsed<CatRequest>({"cat", "m"}).view, ViewKind::npy);
  EXPECT_EQ(parsed<CatRequest>({"cat", "--view", "npy", "m"}).view, ViewKind::npy);
  EXPECT_EQ(parsed<CatRequest>({"cat", "m", "--view=raw"}).view, ViewKind::raw);
  EXPECT_NE(refused({"cat", "m", "--view", "json"}).find("json not in {npy,raw}"), std::string::npos);
}

TEST(Arguments, HelpAndVersionComeBeforeWhatIsMissing) {
  EXPECT_EQ(parsed<HelpRequest>({"--help"}).command, "");
  EXPECT_EQ(parsed<HelpRequest>({"-h"}).command, "");
  EXPECT_EQ(parsed<HelpRequest>({"help"}).command, "");
  for (const auto& command : command_texts()) {
    const std::string name(command.name);
    EXPECT_EQ(parsed<HelpRequest>({"help", name}).command, name);
    EXPECT_EQ(parsed<HelpRequest>({name, "--help"}).command, name);
    EXPECT_EQ(parsed<HelpRequest>({name, "-h"}).command, name);
    parsed<VersionRequest>({name, "--version"});
  }
  parsed<VersionRequest>({"--version"});
  parsed<VersionRequest>({"-V"});
}

TEST(Arguments, EveryOptionOfTheTablesIsUnderstood) {
  for (const auto& command : command_texts()) {
    for (const auto& option : command.options) {
      const std::string name(option.names.substr(option.names.rfind(',') + 1));
      Words words = {std::string(command.name), name};
      if (!option.value.empty())
        words.emplace_back(option.completion.find("npy") != std::string_view::npos ? "npy" : "x");
      for (const auto& argument : command.arguments) words.emplace_back(argument.name);
      EXPECT_EQ(refused(words), "") << command.name << " " << name;
    }
  }
}

TEST(Arguments, RefusalsNameTheCommandTheWordAndTheHelp) {
  EXPECT_EQ(refused({}), "ndcat: MANIFESTS and MOUNTPOINT are missing\nTry `ndcat help`.");
  const std::vector<std::pair<Words, std::string>> cases = {
      {{"src"}, "MOUNTPOINT is required"},
      {{"src", "mnt", "more"}, "one argument too many: more"},
      {{"src", "mnt", "-o"}, "--options"},
      {{"src", "mnt", "-q"}, "-q"},
      {{"check"}, "MANIFEST|DIR is required"},
      {{"show", "a", "b"}, "one argument too many: b"},
      {{"show", "--jason", "a"}, "--jason: unknown option; did you mean \"--json\"?"},
      {{"cat", "--veiw=raw", "a"}, "--veiw=raw: unknown option; did you mean \"--view\"?"},
      {{"help", "mont"}, "there is no command \"mont\"; did you mean \"mount\"?"},
  };
  for (const auto& [words, part] : cases) {
    const std::string message = refused(words);
    EXPECT_NE(message.find(part), std::string::npos) << message;
    const std::string command = find_command(words[0]) == nullptr ? "mount" : words[0];
    EXPECT_TRUE(message.starts_with("ndcat " + command + ": ")) << message;
    EXPECT_NE(message.find("\nTry `ndcat help"), std::string::npos) << message;
  }
}

}  // namespace
}  // namespace ndcat
