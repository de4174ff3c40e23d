#include "manifests/words/select_text.h"

#include <gtest/gtest.h>

namespace ndcat {
namespace {

Selection parsed(const char* text) {
  const Result<Selection> selection = parse_selection(text);
  EXPECT_TRUE(selection.ok()) << selection.error().message;
  return selection ? *selection : Selection{};
}
std::string error_of(std::string_view text) {
  const Result<Selection> selection = parse_selection(text);
  EXPECT_FALSE(selection.ok()) << text;
  return selection ? "" : selection.error().message;
}

TEST(SelectText, ReadsEveryKindOfItem) {
  const Selection expected = {Slice{10, 20, std::nullopt}, Ellipsis{}, Slice{std::nullopt, std::nullopt, -1},
                              Index{3}, NewAxis{}};
  EXPECT_EQ(parsed("10:20, ..., ::-1, 3, newaxis"), expected);
  EXPECT_EQ(parsed(" 10 :20,...,::- 1,+3,np.newaxis,"), expected);
  EXPECT_EQ(parsed("None"), Selection{NewAxis{}});
  EXPECT_EQ(parsed("None:None:None"), (Selection{Slice{}}));
  EXPECT_EQ(parsed("1_000"), Selection{Index{1000}});
}

TEST(SelectText, BoundsOfSlicesAreCutToWhatAnIndexHoldsAsPythonDoes) {
  EXPECT_EQ(parsed("-99999999999999999999:99999999999999999999"),
            (Selection{Slice{-kMaxIndex - 1, kMaxIndex, {}}}));
  EXPECT_EQ(error_of("99999999999999999999"),
            "the selection \"99999999999999999999\", character 1: the index \"99999999999999999999\" is out "
            "of bounds "
            "for every array");
}

TEST(SelectText, SaysWhereAndWhat) {
  EXPECT_EQ(error_of(""),
            "the selection \"\", character 1: nothing is selected; expected an index, a slice, \"...\" or "
            "\"newaxis\"");
  EXPECT_EQ(error_of("1,,2"),
            "the selection \"1,,2\", character 3: found \",\" where an index, a slice, \"...\" or "
            "\"newaxis\" was expected");
  EXPECT_EQ(error_of("1 2"),
            "the selection \"1 2\", character 3: found \"2\" where \",\" or the end was expected");
  EXPECT_EQ(error_of("::0"), "the selection \"::0\", character 3: the step of a slice cannot be 0");
  EXPECT_EQ(error_of("\xC3\xA9:1"),
            "the selection \"\xC3\xA9:1\", character 1: found \"\xC3\xA9\" where an index, a "
            "slice, \"...\" or \"newaxis\" was expected");
  EXPECT_NE(error_of("[1, 2]").find("written without brackets"), std::string::npos);
  EXPECT_NE(error_of("True").find("masks are not supported"), std::string::npos);
  EXPECT_NE(error_of("1.5").find("only integers"), std::string::npos);
  EXPECT_NE(error_of("010").find("leading zero"), std::string::npos);
  EXPECT_NE(error_of("1__0").find("decimal integer"), std::string::npos);
  EXPECT_NE(error_of("1:-").find("expected"), std::string::npos);
}

}  // namespace
}  // namespace ndcat
