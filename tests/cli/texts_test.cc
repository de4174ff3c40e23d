// The words for people: sizes, parts, runs, help.
#include <gtest/gtest.h>

#include <algorithm>

#include "fs/commands/array_text.h"
#include "fs/commands/console.h"
#include "fs/commands/help_text.h"
#include "fs/commands/show.h"
#include "fs/commands/show_json.h"
#include "fs/files/part_text.h"

namespace ndcat {
namespace {

TEST(SizeText, IsDecimalWithThreeDigits) {
  const std::vector<std::pair<Index, std::string>> cases = {
      {0, "0 bytes"},         {1, "1 byte"},          {999, "999 bytes"},      {1000, "1 kB"},
      {1234, "1.23 kB"},      {999499, "999 kB"},     {999500, "1 MB"},        {160000000, "160 MB"},
      {1500000000, "1.5 GB"}, {kMaxIndex, "9.22 EB"}, {1000000000000, "1 TB"}, {2000000000000000, "2 PB"},
  };
  for (const auto& [bytes, text] : cases) EXPECT_EQ(size_text(bytes), text) << bytes;
}

std::string part(const Shape& shape, const Indices& origin, const Indices& extents) {
  Piece piece;
  piece.origin = origin;
  piece.extents = extents;
  return part_text(piece, shape);
}

TEST(PartText, IsNumPysIndex) {
  EXPECT_EQ(part({20000, 1000}, {5000, 0}, {15000, 1000}), "[5000:20000]");
  EXPECT_EQ(part({20000, 1000}, {0, 250}, {20000, 750}), "[:, 250:1000]");
  EXPECT_EQ(part({4, 5, 6}, {1, 0, 2}, {2, 5, 3}), "[1:3, :, 2:5]");
  EXPECT_EQ(part({4, 5, 6}, {0, 0, 0}, {4, 5, 6}), "[...]");
  EXPECT_EQ(part({}, {}, {}), "[...]");
}

TEST(RunsText, SaysWhatTheLengthsMean) {
  constexpr Index kLarge = 160000000;
  EXPECT_EQ(runs_text({0, 0, 0}, 8, 0), "none: there is nothing to read");
  EXPECT_EQ(runs_text({96, 96, 160}, 8, 256), "96 bytes to 160 bytes, median 96 bytes");
  EXPECT_EQ(runs_text({kLarge, kLarge, kLarge}, 8, kLarge), "160 MB: reading in sequence is plain copying");
  EXPECT_EQ(runs_text({8000, 8000, 24000}, 8, kLarge),
            "8 kB to 24 kB, median 8 kB: pages, gathered at nearly the speed of copying");
  EXPECT_NE(runs_text({80, 80, 80}, 8, kLarge).find("80 bytes: short"), std::string::npos);
  EXPECT_NE(runs_text({8, 8, 8}, 8, kLarge).find("8 bytes: single elements"), std::string::npos);
}

TEST(JsonPath, GivesEveryByteBack) {
  EXPECT_EQ(json_path("runs/a b.npy"), R"("runs/a b.npy")");
  EXPECT_EQ(json_path("say \"\\\""), R"("say \"\\\"")");
  EXPECT_EQ(json_path("gr\xc3\xbc\xc3\x9f"), "\"gr\xc3\xbc\xc3\x9f\"");
  EXPECT_EQ(json_path("a\xff\x80z"), R"("a\udcff\udc80z")");
  EXPECT_EQ(json_path("\xff"), R"("\udcff")");
  EXPECT_EQ(json_path(""), R"("")");
}

TEST(Printable, KeepsControlCharactersFromTheTerminal) {
  EXPECT_EQ(printable("a\tb\n"), "a\tb\n");
  EXPECT_EQ(printable(std::string_view("x\033[2J\r\177\0y", 9)), "x?[2J???y");
  EXPECT_EQ(printable("\xc3\xbc"), "\xc3\xbc");
}

constexpr std::array kMountOptions = {
    MountOptionHelp{"sources=DIR[:DIR...]", "Folders that sources may lie in."}};

std::vector<std::string> all_helps(Styling styling) {
  std::vector<std::string> helps = {general_help(styling)};
  for (const auto& command : command_texts()) helps.push_back(command_help(command, kMountOptions, styling));
  return helps;
}

TEST(Help, FitsATerminal) {
  for (const auto& help : all_helps(Styling::plain)) {
    EXPECT_TRUE(help.ends_with('\n'));
    for (std::size_t begin = 0; begin < help.size();) {
      const std::size_t end = help.find('\n', begin);
      const std::string line = help.substr(begin, end - begin);
      const bool is_example =
          line.find("python3") != std::string::npos;  // one line, so that it can be copied
      EXPECT_TRUE(is_example || line.size() <= 80U) << line;
      EXPECT_FALSE(line.ends_with(' ')) << line;
      begin = end + 1;
    }
  }
}

TEST(Help, IsTheSameWithAndWithoutColours) {
  const auto plain = all_helps(Styling::plain), coloured = all_helps(Styling::coloured);
  for (std::size_t i = 0; i < plain.size(); ++i) {
    EXPECT_EQ(plain[i].find('\033'), std::string::npos);
    std::string stripped = coloured[i];
    for (const std::string code : {"\033[1m", "\033[0m"}) {
      for (std::size_t at = 0; (at = stripped.find(code)) != std::string::npos;)
        stripped.erase(at, code.size());
    }
    EXPECT_NE(coloured[i], plain[i]);
    EXPECT_EQ(stripped, plain[i]);
  }
}

std::string without_breaks(std::string text) {
  std::replace(text.begin(), text.end(), '\n', ' ');
  text.erase(std::unique(text.begin(), text.end(), [](char a, char b) { return a == ' ' && b == ' '; }),
             text.end());
  return text;
}

TEST(Help, HasEveryWordOfTheTables) {
  for (const auto& command : command_texts()) {
    const std::string help = without_breaks(command_help(command, kMountOptions, Styling::plain));
    for (const auto& paragraph : command.paragraphs)
      EXPECT_NE(help.find(paragraph), std::string::npos) << paragraph;
    for (const auto& option : command.options) {
      EXPECT_NE(help.find(shown_option(option) + " " + std::string(option.words)), std::string::npos)
          << option.names;
    }
    for (const auto& example : command.examples) EXPECT_NE(help.find(example.command), std::string::npos);
    const bool is_mount = command.name == "mount";
    EXPECT_EQ(help.find("Folders that sources may lie in.") != std::string::npos, is_mount);
    EXPECT_NE(without_breaks(general_help(Styling::plain)).find(command.summary), std::string::npos);
  }
}

}  // namespace
}  // namespace ndcat
