#include "manifests/python/python_literal.h"

#include <gtest/gtest.h>

#include <string>

namespace ndcat {
namespace {

PythonLiteral parsed(std::string_view text, TextEncoding encoding = TextEncoding::utf8) {
  const Result<PythonLiteral> literal = parse_python_literal(text, encoding);
  EXPECT_TRUE(literal.ok()) << text << ": " << literal.error().message;
  return literal ? *literal : PythonLiteral{};
}
std::string error_of(std::string_view text, TextEncoding encoding = TextEncoding::utf8) {
  const Result<PythonLiteral> literal = parse_python_literal(text, encoding);
  EXPECT_FALSE(literal.ok()) << text;
  return literal ? "" : literal.error().message;
}
std::string string_of(std::string_view text, TextEncoding encoding = TextEncoding::utf8) {
  return std::get<std::string>(parsed(text, encoding).value);
}

TEST(PythonLiteral, ReadsTheTreeAndItsPlaces) {
  const PythonLiteral literal = parsed(" {'a': (1, -2L,), u\"b\" : [True, None, b'x'],\n}");
  const auto& dict = std::get<PythonDict>(literal.value);
  ASSERT_EQ(dict.keys.size(), 2U);
  EXPECT_EQ(std::get<std::string>(dict.keys[0].value), "a");
  const auto& tuple = std::get<PythonTuple>(dict.values[0].value);
  ASSERT_EQ(tuple.items.size(), 2U);
  EXPECT_EQ(std::get<PythonInteger>(tuple.items[1].value).value, -2);
  EXPECT_EQ(tuple.items[1].at, 11U);
  EXPECT_EQ(dict.keys[1].at, 18U);
  const auto& list = std::get<PythonList>(dict.values[1].value);
  ASSERT_EQ(list.items.size(), 3U);
  EXPECT_TRUE(std::get<bool>(list.items[0].value));
  EXPECT_TRUE(std::holds_alternative<PythonNone>(list.items[1].value));
  EXPECT_EQ(std::get<PythonBytes>(list.items[2].value).bytes, "x");
}

TEST(PythonLiteral, BracketsAroundOneValueAreNoTuple) {
  EXPECT_EQ(std::get<PythonInteger>(parsed("((3))").value).value, 3);
  EXPECT_EQ(std::get<PythonTuple>(parsed("(3,)").value).items.size(), 1U);
  EXPECT_TRUE(std::get<PythonTuple>(parsed("()").value).items.empty());
}

TEST(PythonLiteral, IntegersOfAnyLengthAreReadButNotCut) {
  EXPECT_EQ(std::get<PythonInteger>(parsed("9223372036854775807").value).value, kMaxIndex);
  EXPECT_EQ(std::get<PythonInteger>(parsed("-9223372036854775808").value).value, -kMaxIndex - 1);
  EXPECT_EQ(std::get<PythonInteger>(parsed("9223372036854775808L").value).value, std::nullopt);
  EXPECT_EQ(std::get<PythonInteger>(parsed("1" + std::string(10000, '0')).value).value, std::nullopt);
  EXPECT_EQ(std::get<PythonInteger>(parsed("00").value).value, 0);
}

TEST(PythonLiteral, DecodesEveryEscape) {
  EXPECT_EQ(string_of(R"('\\\'\"\a\b\f\n\r\t\v')"), "\\'\"\a\b\f\n\r\t\v");
  EXPECT_EQ(string_of(R"('\x41\101\7\u00e9\U0001f600')"), "AA\a\xC3\xA9\xF0\x9F\x98\x80");
  EXPECT_EQ(string_of("'a\\\nb'"), "ab");
  EXPECT_EQ(string_of(R"('\q')"), "\\q") << "Python keeps what it does not know";
  EXPECT_EQ(string_of(R"('\ud800')"), "\xED\xA0\x80");
  EXPECT_EQ(std::get<PythonBytes>(parsed(R"(b'\xff\u0041')").value).bytes, "\xFF\\u0041");
}

TEST(PythonLiteral, BytesAreLatin1OrUtf8) {
  EXPECT_EQ(string_of("'\xE9'", TextEncoding::latin1), "\xC3\xA9");
  EXPECT_EQ(string_of("'\xC3\xA9'", TextEncoding::utf8), "\xC3\xA9");
  EXPECT_EQ(error_of("'\xE9'"), "at byte 1: found \"\\xe9\", which is not UTF-8");
}

TEST(PythonLiteral, NothingIsEvaluated) {
  EXPECT_EQ(error_of("__import__('os').system('x')"),
            "at byte 0: found the name \"__import__\"; only literals are read, nothing is evaluated");
  EXPECT_EQ(error_of("(1+2,)"),
            "at byte 2: found \"+\" where \",\" or \")\" was expected; only literals are read, nothing is "
            "evaluated");
  EXPECT_NE(error_of("'a' % 3").find("nothing is evaluated"), std::string::npos);
  EXPECT_NE(error_of("'a'.join").find("nothing is evaluated"), std::string::npos);
  EXPECT_NE(error_of("f'{x}'").find("prefix \"f\""), std::string::npos);
  for (const char* text : {"1.5", "0x10", "1_000", "1e5", "1j", "010", "{1, 2}", "*a", "--1", "lambda: 0",
                           "r'a'", "'''a'''", "'a' 'b'", "[x for x in y]", "...", "1L2", "\\N"}) {
    error_of(text);
  }
}

TEST(PythonLiteral, SaysWhatIsMalformed) {
  EXPECT_EQ(error_of(""), "at byte 0: the text ends where a value was expected");
  EXPECT_EQ(error_of("{'a': 1"), "at byte 7: the text ends where \",\" or \"}\" was expected");
  EXPECT_EQ(error_of("{'a' 1}"), "at byte 5: found \"1\" where \":\" was expected");
  EXPECT_EQ(error_of("(1 2)"), "at byte 3: found \"2\" where \",\" or \")\" was expected");
  EXPECT_EQ(error_of("(1,) x"), "at byte 5: found \"x\" where the end was expected");
  EXPECT_EQ(error_of("'abc"), "at byte 0: the string that begins here is not closed");
  EXPECT_EQ(error_of("'abc\\"), "at byte 0: the string that begins here is not closed");
  EXPECT_EQ(error_of("'a\nb'"), "at byte 2: the line ends inside a string");
  EXPECT_EQ(error_of(R"('\x4')"), "at byte 1: this escape needs 2 hexadecimal digits");
  EXPECT_EQ(error_of(R"('\U00110000')"), "at byte 1: this escape is above the last character of Unicode");
  EXPECT_NE(error_of(R"('\N{SPACE}')").find("by name"), std::string::npos);
  EXPECT_NE(error_of("[1,,]").find("where a value was expected"), std::string::npos);
  EXPECT_NE(error_of("[,]").find("where a value was expected"), std::string::npos);
  EXPECT_EQ(error_of("- x"), "at byte 2: found \"x\" where a digit was expected");
}

TEST(PythonLiteral, NestingIsBounded) {
  const auto nested = [](std::size_t depth) { return std::string(depth, '[') + std::string(depth, ']'); };
  parsed(nested(kMaxPythonDepth));
  EXPECT_EQ(error_of(nested(kMaxPythonDepth + 1)),
            "at byte 200: brackets are nested more than 200 levels deep");
  EXPECT_EQ(error_of(std::string(1000000, '(')),
            "at byte 200: brackets are nested more than 200 levels deep");
}

}  // namespace
}  // namespace ndcat
