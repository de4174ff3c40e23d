// Brace expansion is bash's: single cases, and random patterns held against bash itself where there is one.
#include "manifests/words/brace.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <iterator>
#include <random>
#include <string>
#include <vector>

namespace ndcat {
namespace {

using Names = std::vector<std::string>;

Names expanded(const std::string& pattern) {
  Result<Names> names = expand_braces(pattern);
  EXPECT_TRUE(names.ok()) << names.error().message;
  return names ? *names : Names();
}

TEST(Brace, ListsAndRangesMultiply) {
  EXPECT_EQ(expanded("a{b,c}d"), (Names{"abd", "acd"}));
  EXPECT_EQ(expanded("{a,b}{1..2}"), (Names{"a1", "a2", "b1", "b2"}));
  EXPECT_EQ(expanded("{{a,b},c{d,e}}"), (Names{"a", "b", "cd", "ce"}));
  EXPECT_EQ(expanded("x{,y}"), (Names{"x", "xy"}));
}

TEST(Brace, RangesKeepZerosAndCountBothWays) {
  EXPECT_EQ(expanded("{08..11}"), (Names{"08", "09", "10", "11"}));
  EXPECT_EQ(expanded("{8..010}"), (Names{"008", "009", "010"}));
  EXPECT_EQ(expanded("{-01..1}"), (Names{"-01", "000", "001"}));
  EXPECT_EQ(expanded("{3..1}"), (Names{"3", "2", "1"}));
  EXPECT_EQ(expanded("{0..10..5}"), (Names{"0", "5", "10"}));
  EXPECT_EQ(expanded("{10..0..-4}"), (Names{"10", "6", "2"}));
  EXPECT_EQ(expanded("{a..e..2}"), (Names{"a", "c", "e"}));
  EXPECT_EQ(expanded("{9223372036854775806..9223372036854775807}"),
            (Names{"9223372036854775806", "9223372036854775807"}));
}

TEST(Brace, WhatExpandsToNothingElseStays) {
  for (const char* text :
       {"{a}", "{}", "a{b", "a}b", "{a,b", "{1..}", "{1..a}", "{1..2..x}", "plain", "{a..C}"}) {
    EXPECT_EQ(expanded(text), (Names{text}));
    EXPECT_FALSE(has_braces(text)) << text;
  }
  EXPECT_EQ(expanded("{a{b,c}"), (Names{"{ab", "{ac"}));
  EXPECT_EQ(expanded("{}{a,b}"), (Names{"{}a", "{}b"}));
  EXPECT_TRUE(has_braces("{{a,b}"));
}

TEST(Brace, ABackslashTakesTheMeaningAndStays) {
  EXPECT_EQ(expanded("\\{a,b}"), (Names{"\\{a,b}"}));
  EXPECT_EQ(expanded("{a\\,b,c}"), (Names{"a\\,b", "c"}));
}

TEST(Brace, IsBounded) {
  EXPECT_TRUE(expand_braces("{1..1000000}").ok());
  for (const char* text : {"{1..1000001}", "{1..1001}{1..1000}",
                           "{-9223372036854775808..9223372036854775807}", "{{1..600000},{1..600000}}"}) {
    const Result<Names> names = expand_braces(text);
    ASSERT_FALSE(names.ok()) << text;
    EXPECT_NE(names.error().message.find("more than 1000000 names"), std::string::npos)
        << names.error().message;
  }
  std::string doubling;
  for (int i = 0; i < 60; ++i) doubling += "{a,b}";
  EXPECT_FALSE(expand_braces(doubling).ok());
  const Result<Names> long_names = expand_braces("{1..100000}" + std::string(4000, 'x'));
  ASSERT_FALSE(long_names.ok());
  EXPECT_EQ(long_names.error().message, "its braces stand for more than 256 MiB of names");
  const Result<Names> long_pattern = expand_braces(std::string((std::size_t{16} << 20U) + 1, 'x'));
  ASSERT_FALSE(long_pattern.ok());
  EXPECT_EQ(long_pattern.error().message, "the pattern is longer than 16 MiB");
}

TEST(Brace, HugeRowsOfBracesTakeNoTime) {
  const std::size_t many = 1'000'000;
  EXPECT_EQ(expanded(std::string(many, '{')).size(), 1U);
  EXPECT_EQ(expanded(std::string(many, '{') + std::string(many, '}')).size(), 1U);
  std::string deep;
  for (int i = 0; i < 100'000; ++i) deep += "{a,";
  EXPECT_FALSE(expand_braces(deep + "b" + std::string(100'000, '}')).ok());
}

/// What bash makes of the pattern; nothing when there is no bash.
Names of_bash(const std::string& pattern) {
  const std::string command = "bash -fc 'printf \"%s\\n\" x" + pattern + "' 2>/dev/null";
  FILE* const pipe = popen(command.c_str(), "r");
  if (pipe == nullptr) return {};
  std::string text;
  for (int c = std::fgetc(pipe); c != EOF; c = std::fgetc(pipe)) text += static_cast<char>(c);
  if (pclose(pipe) != 0) return {};
  Names names;
  for (std::size_t begin = 0; begin < text.size();) {
    const std::size_t end = text.find('\n', begin);
    names.push_back(text.substr(begin, end - begin));
    begin = end + 1;
  }
  return names;
}

/// Balanced braces only: of stray ones bash has rules of its own, which change with its version.
std::string random_pattern(std::mt19937_64& random, int depth) {
  static const char* const kLeaves[] = {"a",         "b", "{1..3}", "{01..03}", "{c..a}",
                                        "{2..8..3}", "",  "-",      "{x}"};
  std::string text;
  const int parts = static_cast<int>(random() % 2) + 1;
  for (int i = 0; i < parts; ++i) {
    if (depth == 0 || random() % 2 == 0) {
      text += kLeaves[random() % std::size(kLeaves)];
    } else {
      text += "{" + random_pattern(random, depth - 1);
      const int more = static_cast<int>(random() % 3) + 1;
      for (int k = 0; k < more; ++k) text += "," + random_pattern(random, depth - 1);
      text += "}";
    }
  }
  return text;
}

TEST(Brace, AgreesWithBash) {
  if (of_bash("{a,b}") != Names{"xa", "xb"}) GTEST_SKIP() << "no bash here";
  const char* const given = std::getenv("NDCAT_SEED");
  const std::uint64_t seed = given != nullptr ? std::strtoull(given, nullptr, 10) : std::random_device()();
  RecordProperty("seed", std::to_string(seed));
  std::mt19937_64 random(seed);
  for (int i = 0; i < 200; ++i) {
    const std::string pattern = random_pattern(random, 1);
    ASSERT_EQ(expanded("x" + pattern), of_bash(pattern)) << pattern << " with NDCAT_SEED=" << seed;
  }
}

}  // namespace
}  // namespace ndcat
