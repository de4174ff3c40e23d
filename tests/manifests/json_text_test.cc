#include "manifests/json/json_text.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace ndcat {
namespace {

/// The single problem of a text that is no JSON, as people see it.
std::string problem_of(const std::string& text) {
  const JsonText json = parse_json(text, "m.json");
  EXPECT_EQ(json.root, nullptr) << text;
  EXPECT_EQ(json.problems.size(), 1U) << text;
  return json.problems.empty() ? "" : to_string(json.problems.front());
}

TEST(JsonText, KeepsValuesAndTheirPlaces) {
  const JsonText json = parse_json("{\"a\": [1, true,\n  \"\xC3\xA9\", null],\n \"\xC3\xBC\": {}}", "m.json");
  ASSERT_NE(json.root, nullptr);
  const auto& root = std::get<JsonObject>(json.root->value);
  ASSERT_EQ(root.members.size(), 2U);
  EXPECT_EQ(root.members[1].key, "\xC3\xBC");
  EXPECT_EQ(root.members[1].key_line, 3);
  EXPECT_EQ(root.members[1].key_column, 2);
  EXPECT_EQ(root.values[1].column, 7) << "columns count characters, not bytes";
  const auto& list = std::get<JsonArray>(root.find("a")->value);
  ASSERT_EQ(list.size(), 4U);
  EXPECT_EQ(list[0].column, 8);
  EXPECT_EQ(std::get<bool>(list[1].value), true);
  EXPECT_EQ(list[2].line, 2);
  EXPECT_EQ(list[2].column, 3);
  EXPECT_EQ(list[3].column, 8);
  EXPECT_EQ(root.find("b"), nullptr);
  EXPECT_STREQ(list[0].type_name(), "a number");
}

TEST(JsonText, KeepsEveryDigitOfNumbers) {
  const std::vector<std::string> texts = {
      "0",    "-0",    "1.0",  "1e400",  "9223372036854775807", "9223372036854775808",
      "1E+5", "-1.50", "2e-3", "123456", "-9223372036854775808"};
  std::string text = "[";
  for (const std::string& number : texts) text += (text.size() > 1 ? " , " : " ") + number;
  const JsonText json = parse_json(text + "\n]", "m.json");
  ASSERT_NE(json.root, nullptr);
  const auto& list = std::get<JsonArray>(json.root->value);
  ASSERT_EQ(list.size(), texts.size());
  for (std::size_t i = 0; i < texts.size(); ++i)
    EXPECT_EQ(std::get<JsonNumber>(list[i].value).text, texts[i]);
}

TEST(JsonNumber, IsAnIndexWhenItFits) {
  EXPECT_EQ(JsonNumber{"9223372036854775807"}.as_index(), kMaxIndex);
  EXPECT_EQ(JsonNumber{"-9223372036854775808"}.as_index(), -kMaxIndex - 1);
  EXPECT_EQ(JsonNumber{"-0"}.as_index(), 0);
  EXPECT_EQ(JsonNumber{"9223372036854775808"}.as_index(), std::nullopt);
  EXPECT_TRUE(JsonNumber{"9223372036854775808"}.is_integer_literal());
  for (const char* text : {"1.0", "1e3", "1E3", "-0.5"}) {
    EXPECT_EQ(JsonNumber{text}.as_index(), std::nullopt);
    EXPECT_FALSE(JsonNumber{text}.is_integer_literal());
  }
}

TEST(JsonText, DecodesEscapes) {
  const JsonText json = parse_json(R"(["\"\\\/\b\f\n\r\t\u00e9\ud83d\ude00"])", "m.json");
  ASSERT_NE(json.root, nullptr);
  EXPECT_EQ(std::get<std::string>(std::get<JsonArray>(json.root->value)[0].value),
            "\"\\/\b\f\n\r\t\xC3\xA9\xF0\x9F\x98\x80");
}

TEST(JsonText, ReportsEveryDuplicateKeyAndTheFirstPlace) {
  const JsonText json =
      parse_json("{\"a\": 1,\n \"x/y\": {\"b\": 1, \"b\": 2, \"b\": 3},\n \"a\": 2}", "m.json");
  ASSERT_NE(json.root, nullptr) << "the tree is there, so that more problems can be found";
  ASSERT_EQ(json.problems.size(), 3U);
  EXPECT_EQ(to_string(json.problems[0]),
            "m.json:2:18 /x~1y/b: \"b\": duplicate key; it stands already at line 2, column 10");
  EXPECT_EQ(to_string(json.problems[1]),
            "m.json:2:26 /x~1y/b: \"b\": duplicate key; it stands already at line 2, column 10");
  EXPECT_EQ(to_string(json.problems[2]),
            "m.json:3:2 /a: \"a\": duplicate key; it stands already at line 1, column 2");
  EXPECT_EQ(std::get<JsonNumber>(std::get<JsonObject>(json.root->value).find("a")->value).text, "1");
}

TEST(JsonText, BoundsTheReportOfVeryManyDuplicates) {
  std::string text = "{\"" + std::string(100000, 'k') + "\": {\"a\": 0";
  for (int i = 0; i < 20000; ++i) text += ",\"a\":0";
  text += "}}";
  const JsonText json = parse_json(text, "m.json");
  std::size_t bytes = 0;
  for (const Problem& problem : json.problems) bytes += problem.place.pointer.size() + problem.message.size();
  EXPECT_LT(bytes, 3 * text.size());
  EXPECT_NE(json.problems.back().message.find("more duplicate keys"), std::string::npos);
}

TEST(JsonText, SaysWhatWasFoundAndWhatWasExpected) {
  EXPECT_EQ(problem_of(""), "m.json:1:1: the text is empty; expected a JSON object");
  EXPECT_EQ(problem_of(" \n "), "m.json:2:2: the text is empty; expected a JSON object");
  EXPECT_EQ(problem_of("[1,\n 2,\n]"),
            "m.json:3:1 /2: found \"]\" where a value was expected; is there a comma too many?");
  EXPECT_EQ(problem_of("{\"a\": 1,}"),
            "m.json:1:9: found \"}\" where a key in double quotes was expected; is there a comma too many?");
  EXPECT_EQ(problem_of("{\"a\": 1 \"b\": 2}"),
            "m.json:1:9: found the string \"b\" where \",\" or \"}\" was expected; is a comma missing?");
  EXPECT_EQ(problem_of("{\"a\" 1}"), "m.json:1:6 /a: found \"1\" where \":\" was expected");
  EXPECT_EQ(
      problem_of("{\"a\": {\"b\": [1, 2"),
      "m.json:1:18 /a/b/2: the text ends where \",\" or \"]\" was expected; the list that begins at line 1, "
      "column 13 is not closed");
  EXPECT_EQ(
      problem_of("{1: 2}"),
      "m.json:1:2: found \"1\" where a key in double quotes or \"}\" was expected; every key is a string");
  EXPECT_EQ(problem_of("[1: 2]"),
            "m.json:1:3 /1: found \":\" where \",\" or \"]\" was expected; only objects, in { }, have keys");
}

TEST(JsonText, RefusesWhatOtherLanguagesAllow) {
  EXPECT_EQ(problem_of("[NaN]"),
            "m.json:1:2 /0: found \"NaN\"; JSON has no such number (as a fill value, write it as a string: "
            "\"nan\")");
  EXPECT_NE(problem_of("[-Infinity]").find("JSON has no such number"), std::string::npos);
  EXPECT_EQ(problem_of("[True]"), "m.json:1:2 /0: found \"True\"; JSON writes it true");
  EXPECT_EQ(
      problem_of("['a']"),
      "m.json:1:2 /0: found \"'\" where a value or \"]\" was expected; strings and keys need double quotes");
  EXPECT_EQ(problem_of("{} // c"),
            "m.json:1:4: found a comment; JSON has none (use the key \"description\")");
  EXPECT_EQ(problem_of("{} {}"),
            "m.json:1:4: found \"{\" after the end of the value; only one may stand in a file");
  EXPECT_EQ(problem_of(std::string("{}\0x", 4)), "m.json:1:3: found a zero byte after the end of the value");
  EXPECT_EQ(problem_of("\xEF\xBB\xBF{}"),
            "m.json:1:1: the text begins with a byte order mark; save it as UTF-8 without one");
  EXPECT_EQ(problem_of("{\n\"\xC3\xA9\xFF\": 1}"),
            "m.json:2:3: found the byte \"\\xff\", which is not UTF-8 here; JSON text is always UTF-8");
}

TEST(JsonText, ExplainsNumbers) {
  EXPECT_EQ(problem_of("[0, 012]"),
            "m.json:1:5 /1: the number \"012\" has a leading zero, which JSON does not allow");
  EXPECT_EQ(problem_of("[1.]"), "m.json:1:2 /0: the number \"1.\" has no digit after its decimal point");
  EXPECT_EQ(problem_of("[1e]"), "m.json:1:2 /0: the number \"1e\" has no digit in its exponent");
  EXPECT_EQ(problem_of("[+1]"),
            "m.json:1:2 /0: \"+1\" is not a number in JSON: a digit must stand before anything else");
  EXPECT_EQ(problem_of("[0x10]"), "m.json:1:2 /0: \"0x10\" is not a number in JSON");
  EXPECT_EQ(problem_of("[1e999999]"), "m.json:1:2 /0: the number \"1e999999\" is too large");
}

TEST(JsonText, ExplainsStrings) {
  EXPECT_EQ(problem_of("[\"a\nb\"]"),
            "m.json:1:4 /0: the line ends inside a string; a closing '\"' is missing, or write \\n");
  EXPECT_EQ(problem_of("[\"abc"), "m.json:1:2 /0: the string that begins here is not closed");
  EXPECT_EQ(problem_of("[\"abc\\"), "m.json:1:2 /0: the string that begins here is not closed");
  EXPECT_EQ(problem_of("[\"C:\\data\"]"),
            "m.json:1:5 /0: the escape \"\\d\" does not exist in JSON (a backslash itself is written \\\\)");
  EXPECT_EQ(problem_of("[\"\\u12\"]"), "m.json:1:3 /0: \\u must be followed by four hexadecimal digits");
  EXPECT_EQ(
      problem_of("[\"\\ud800\"]"),
      "m.json:1:2 /0: this string holds half of a surrogate pair; \\ud800 to \\udfff must come in pairs");
}

TEST(JsonText, BoundsNesting) {
  const auto nested = [](std::size_t depth) { return std::string(depth, '[') + std::string(depth, ']'); };
  EXPECT_NE(parse_json(nested(kMaxJsonDepth), "m.json").root, nullptr);
  EXPECT_EQ(problem_of(nested(kMaxJsonDepth + 1)),
            "m.json:1:1001: lists and objects are nested more than 1000 levels deep");
  EXPECT_EQ(problem_of(std::string(100000, '[')),
            "m.json:1:1001: lists and objects are nested more than 1000 levels deep");
  std::string objects;
  for (int i = 0; i < 100000; ++i) objects += "{\"a\":";
  EXPECT_EQ(problem_of(objects), "m.json:1:5001: lists and objects are nested more than 1000 levels deep");
}

TEST(JsonText, BoundsTheNumberOfValues) {
  std::string text = "[0";
  for (std::size_t i = 0; i < kMaxJsonValues; ++i) text += ",0";
  EXPECT_NE(problem_of(text + "]").find("this file holds more than 8000000 values"), std::string::npos);
}

TEST(JsonText, PointersAreEscaped) {
  EXPECT_EQ(pointer_to("", "a/b~c"), "/a~1b~0c");
  EXPECT_EQ(pointer_to("/x", std::size_t{3}), "/x/3");
}

TEST(JsonText, WritesStringsThatItReadsBack) {
  using namespace std::string_literals;
  const std::string text = "a\"\\\n\0\x7F \xC3\xA9 \xF0\x9F\x98\x80"s;
  const JsonText json = parse_json(json_string(text), "m.json");
  ASSERT_NE(json.root, nullptr);
  EXPECT_EQ(std::get<std::string>(json.root->value), text);
  EXPECT_EQ(json_string("a\xFF"), "\"a\xEF\xBF\xBD\"");
}

}  // namespace
}  // namespace ndcat
