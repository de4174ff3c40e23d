// utf8, natural_order, suggestion, problem: parts that every message and list of sources is made with.
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <random>
#include <string>
#include <vector>

#include "manifests/problem.h"
#include "manifests/texts/natural_order.h"
#include "manifests/texts/suggestion.h"
#include "manifests/texts/utf8.h"

namespace ndcat {
namespace {

TEST(Utf8, FindsTheFirstByteThatIsWrong) {
  EXPECT_EQ(find_invalid_utf8("a\xC3\xA9\xE6\x95\xB0\xF0\x9F\x98\x80"), std::nullopt);
  for (const char* text :
       {"a\x80", "a\xC0\x80", "a\xC1\xBF", "a\xC3", "a\xE0\x80\x80", "a\xED\xA0\x80", "a\xE6\x95",
        "a\xF0\x80\x80\x80", "a\xF4\x90\x80\x80", "a\xF5\x80\x80\x80", "a\xFF", "a\xC3(", "a\xE6\x95("}) {
    EXPECT_EQ(find_invalid_utf8(text), 1U) << text;
  }
}

TEST(Utf8, AppendedCodePointsAreDecodedAgain) {
  for (char32_t c = 0; c <= 0x10FFFF; c += c < 0x900 ? 1 : 97) {
    if (c >= 0xD800 && c <= 0xDFFF) continue;
    std::string text;
    append_utf8(text, c);
    const auto decoded = decode_utf8(text, 0);
    ASSERT_TRUE(decoded) << static_cast<unsigned>(c);
    EXPECT_EQ(decoded->value, c);
    EXPECT_EQ(decoded->length, text.size());
    EXPECT_EQ(count_code_points(text), 1U);
  }
}

TEST(Utf8, QuotedTextIsHarmless) {
  EXPECT_EQ(in_quotes("a\n\t\x1B[2J\xFF"), "\"a\\n\\t\\x1b[2J\\xff\"");
  EXPECT_EQ(in_quotes("\xC2\x9B"
                      "31m\xC3\xA9"),
            "\"\\xc2\\x9b31m\xC3\xA9\"");
  EXPECT_EQ(in_quotes(std::string(60, 'x')), "\"" + std::string(60, 'x') + "\"");
  EXPECT_EQ(in_quotes(std::string(61, 'x')), "\"" + std::string(60, 'x') + "\"...");
}

TEST(NaturalOrder, ComparesNumbersAsPeopleDo) {
  const std::vector<std::string> ordered = {"",
                                            "1",
                                            "2",
                                            "9",
                                            "10",
                                            "99999999999999999998",
                                            "99999999999999999999",
                                            "a",
                                            "a1",
                                            "a1b",
                                            "a2",
                                            "a10",
                                            "a10b2",
                                            "a10b10",
                                            "part",
                                            "part-",
                                            "part-007",
                                            "part-07",
                                            "part-7",
                                            "part-7.npy",
                                            "part-08",
                                            "part-10",
                                            "part-10-2",
                                            "part-10-10",
                                            "part10-1",
                                            "partx-1",
                                            "\xC3\xA9"};
  for (std::size_t i = 0; i < ordered.size(); ++i) {
    for (std::size_t j = 0; j < ordered.size(); ++j) {
      EXPECT_EQ(natural_compare(ordered[i], ordered[j]), i <=> j) << ordered[i] << " and " << ordered[j];
    }
  }
}

TEST(NaturalOrder, IsATotalOrder) {
  const char* given = std::getenv("NDCAT_SEED");
  const unsigned seed =
      given ? static_cast<unsigned>(std::strtoul(given, nullptr, 10)) : std::random_device{}();
  SCOPED_TRACE("NDCAT_SEED=" + std::to_string(seed));
  std::mt19937 random(seed);
  const auto name = [&random] {
    std::string text(random() % 6, ' ');
    for (char& c : text) c = "0012a-"[random() % 6];
    return text;
  };
  for (int i = 0; i < 20000; ++i) {
    const std::string a = name();
    const std::string b = name();
    const std::string c = name();
    EXPECT_EQ(natural_compare(a, b) == 0, a == b) << a << " " << b;
    EXPECT_EQ(natural_less(a, b), natural_compare(b, a) > 0) << a << " " << b;
    if (natural_less(a, b) && natural_less(b, c)) {
      EXPECT_TRUE(natural_less(a, c)) << a << " " << b << " " << c;
    }
  }
}

TEST(Suggestion, FindsTheSlip) {
  constexpr std::array<std::string_view, 5> kWords = {"axis", "shape", "dtype", "concatenate", "offset"};
  EXPECT_EQ(nearest_word("axes", kWords), "axis");
  EXPECT_EQ(nearest_word("AXIS", kWords), "axis");
  EXPECT_EQ(nearest_word("sahpe", kWords), "shape");
  EXPECT_EQ(nearest_word("dtypes", kWords), "dtype");
  EXPECT_EQ(nearest_word("concat", kWords), std::nullopt);
  EXPECT_EQ(nearest_word("concatentae", kWords), "concatenate");
  EXPECT_EQ(nearest_word("", kWords), std::nullopt);
  EXPECT_EQ(nearest_word("colour", kWords), std::nullopt);
  EXPECT_EQ(nearest_word(std::string(1000, 'a'), kWords), std::nullopt);
  EXPECT_EQ(did_you_mean("axes", kWords), "; did you mean \"axis\"?");
  EXPECT_EQ(did_you_mean("colour", kWords), "");
}

TEST(Suggestion, OneLetterIsNoSlipOfAnother) {
  constexpr std::array<std::string_view, 2> kWords = {"b", "f"};
  EXPECT_EQ(nearest_word("x", kWords), std::nullopt);
}

TEST(Problem, SaysWhereAndWhat) {
  EXPECT_EQ(to_string(Problem{"all.json", {"/concatenate/2", 4, 18}, "shape"}),
            "all.json:4:18 /concatenate/2: shape");
  EXPECT_EQ(to_string(Problem{"all.json", {"", 4, 18}, "shape"}), "all.json:4:18: shape");
  EXPECT_EQ(to_string(Problem{"all.json", {}, "no such file"}), "all.json: no such file");
}

}  // namespace
}  // namespace ndcat
