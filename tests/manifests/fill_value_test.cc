// The bytes of fill values. What must be refused is in tests/data/invalid/arrays/full-*.json; NumPy itself is
// asked in test_fill_numpy.py.
#include "manifests/words/fill_value.h"

#include <gtest/gtest.h>

#include <cmath>
#include <cstring>
#include <limits>
#include <string>
#include <vector>

#include "manifests/words/dtype_text.h"
#include "manifests/words/fill_time.h"

namespace ndcat {
namespace {

JsonValue json(const std::string& text) {
  JsonText parsed = parse_json(text, "test.json");
  EXPECT_NE(parsed.root, nullptr) << text;
  return parsed.root == nullptr ? JsonValue{} : std::move(*parsed.root);
}

Dtype dtype(const std::string& text) { return *parse_dtype(json(text)); }

std::vector<std::byte> element(const std::string& value, const std::string& type) {
  Result<std::vector<std::byte>> result = fill_element(json(value), dtype(type));
  EXPECT_TRUE(result.ok()) << value << " as " << type << ": " << result.error().message;
  return result ? *result : std::vector<std::byte>();
}

template <class T>
T as(const std::string& value, const std::string& type) {
  const std::vector<std::byte> bytes = element(value, type);
  T result{};
  EXPECT_EQ(bytes.size(), sizeof(T));
  if (bytes.size() == sizeof(T)) std::memcpy(&result, bytes.data(), sizeof(T));
  return result;
}

std::string text(const std::vector<std::byte>& bytes) {
  std::string result;
  for (const std::byte byte : bytes) result += static_cast<char>(byte);
  return result;
}

TEST(FillValue, IntegersReachTheirBounds) {
  EXPECT_EQ((as<std::int8_t>("-128", "\"i1\"")), -128);
  EXPECT_EQ((as<std::uint8_t>("255", "\"u1\"")), 255);
  EXPECT_EQ((as<std::int64_t>("-9223372036854775808", "\"i8\"")), std::numeric_limits<std::int64_t>::min());
  EXPECT_EQ((as<std::uint64_t>("18446744073709551615", "\"u8\"")), std::numeric_limits<std::uint64_t>::max());
  EXPECT_EQ((as<std::int32_t>("3.0", "\"i4\"")), 3);
  EXPECT_EQ((as<std::int32_t>("1e3", "\"i4\"")), 1000);
  EXPECT_EQ((as<std::int32_t>("true", "\"i4\"")), 1);
  EXPECT_EQ((as<std::uint32_t>("-0", "\"u4\"")), 0U);
  EXPECT_EQ(text(element("258", "\">i2\"")), "\x01\x02");
}

TEST(FillValue, OneBeyondTheBoundsIsRefused) {
  for (const auto& [value, type] :
       std::vector<std::pair<const char*, const char*>>{{"128", "\"i1\""},
                                                        {"-129", "\"i1\""},
                                                        {"256", "\"u1\""},
                                                        {"-1", "\"u1\""},
                                                        {"9223372036854775808", "\"i8\""},
                                                        {"-9223372036854775809", "\"i8\""},
                                                        {"18446744073709551616", "\"u8\""},
                                                        {"1e19", "\"i8\""},
                                                        {"1e20", "\"u8\""}}) {
    EXPECT_FALSE(fill_element(json(value), dtype(type)).ok()) << value << " as " << type;
  }
}

TEST(FillValue, FloatsAreTheNearestOnes) {
  EXPECT_EQ((as<double>("0.1", "\"f8\"")), 0.1);
  EXPECT_EQ((as<double>("\"0.1\"", "\"f8\"")), 0.1);
  EXPECT_EQ((as<float>("0.1", "\"f4\"")), 0.1F);
  EXPECT_EQ((as<double>("1e-400", "\"f8\"")), 0.0);
  EXPECT_EQ((as<double>("9007199254740993", "\"f8\"")), 9007199254740992.0);
  EXPECT_TRUE(std::isnan(as<double>("\"nan\"", "\"f8\"")));
  EXPECT_EQ((as<float>("\"-Infinity\"", "\"f4\"")), -std::numeric_limits<float>::infinity());
  EXPECT_EQ((as<std::uint16_t>("1", "\"f2\"")), 0x3C00);
  EXPECT_EQ(text(element("1", "\">f8\"")), std::string("\x3f\xf0\0\0\0\0\0\0", 8));
}

TEST(FillValue, TextGivesLongDoublesAllTheirDigits) {
  EXPECT_EQ((as<long double>("\"0.1\"", "\"longdouble\"")), 0.1L);
  EXPECT_EQ((as<long double>("0.1", "\"longdouble\"")), static_cast<long double>(0.1));
  EXPECT_EQ((as<long double>("9007199254740993", "\"longdouble\"")), 9007199254740993.0L);
}

TEST(FillValue, ComplexNumbers) {
  const auto parts = [](const std::string& value) {
    const std::vector<std::byte> bytes = element(value, "\"c16\"");
    std::pair<double, double> result;
    std::memcpy(&result.first, bytes.data(), 8);
    std::memcpy(&result.second, bytes.data() + 8, 8);
    return result;
  };
  EXPECT_EQ(parts("\"1+2j\""), (std::pair{1.0, 2.0}));
  EXPECT_EQ(parts("\"-1.5e3-2j\""), (std::pair{-1500.0, -2.0}));
  EXPECT_EQ(parts("\"2j\""), (std::pair{0.0, 2.0}));
  EXPECT_EQ(parts("3"), (std::pair{3.0, 0.0}));
  EXPECT_EQ(parts("\"inf-infj\""),
            (std::pair{std::numeric_limits<double>::infinity(), -std::numeric_limits<double>::infinity()}));
  for (const char* value :
       {"\"1+2\"", "\"j\"", "\"1 + 2j\"", "\"0x10\"", "\"1+2jj\"", "\"\"", "\" 1\"", "\"nan(1)\""}) {
    EXPECT_FALSE(fill_element(json(value), dtype("\"c16\"")).ok()) << value;
  }
}

TEST(FillValue, Texts) {
  EXPECT_EQ(text(element("\"abc\"", "\"S5\"")), std::string("abc\0\0", 5));
  EXPECT_EQ(text(element("\"é\"", "\"<U2\"")), std::string("\xe9\0\0\0\0\0\0\0", 8));
  EXPECT_EQ(text(element("\"é\"", "\">U2\"")), std::string("\0\0\0\xe9\0\0\0\0", 8));
  EXPECT_EQ(text(element("\"😀\"", "\"<U1\"")), std::string("\x00\xf6\x01\x00", 4));
}

TEST(FillValue, Times) {
  EXPECT_EQ((as<std::int64_t>("\"1970-01-02\"", "\"M8[D]\"")), 1);
  EXPECT_EQ((as<std::int64_t>("\"2000-03-01\"", "\"M8[D]\"")), 11017);
  EXPECT_EQ((as<std::int64_t>("\"1969-12-31T23:59:59.5Z\"", "\"M8[ms]\"")), -500);
  EXPECT_EQ((as<std::int64_t>("\"NaT\"", "\"M8[s]\"")), kNotATime);
  EXPECT_EQ((as<std::int64_t>("\"nat\"", "\"m8\"")), kNotATime);
  EXPECT_EQ((as<std::int64_t>("5", "\"m8[s]\"")), 5);
  EXPECT_EQ((as<std::int64_t>("\"1970-01-01T00:00:50\"", "\"M8[25s]\"")), 2);
}

TEST(FillValue, Structures) {
  const std::string fields = R"([["a", "u1"], ["b", ">i2", [2]], ["c", [["d", "S2"]]]])";
  EXPECT_EQ(text(element(R"([1, [2, 3], ["xy"]])", fields)), std::string("\x01\0\x02\0\x03xy", 7));
  EXPECT_EQ(text(element(R"([1, 2, ["x"]])", fields)), std::string("\x01\0\x02\0\x02x\0", 7));
  EXPECT_EQ(text(element("7", R"([["a", "u1"], ["b", "u1", [2]]])")), "\x07\x07\x07");
  const std::string gaps = R"({"names": ["a"], "formats": ["u1"], "offsets": [2], "itemsize": 4})";
  EXPECT_EQ(text(element("[9]", gaps)), std::string("\0\0\x09\0", 4));
}

TEST(FillValue, EndlessSubArraysOfNothingTakeNoTime) {
  const Result<Dtype> endless =
      Dtype::structured({Field{"a", "", Dtype::simple(Kind::bytes, 0), {1'000'000'000'000}, 0}}, 0);
  ASSERT_TRUE(endless.ok());
  const Result<std::vector<std::byte>> nothing = fill_element(json("0"), *endless);
  ASSERT_TRUE(nothing.ok());
  EXPECT_TRUE(nothing->empty());
}

TEST(FillDtype, IsNumPys) {
  const auto name = [](const std::string& value) {
    const Result<Dtype> result = fill_dtype(json(value));
    return result ? result->typestr() : "refused";
  };
  EXPECT_EQ(name("true"), "|b1");
  EXPECT_EQ(name("1"), "<i8");
  EXPECT_EQ(name("9223372036854775808"), "<u8");
  EXPECT_EQ(name("18446744073709551616"), "refused");
  EXPECT_EQ(name("-9223372036854775809"), "refused");
  EXPECT_EQ(name("1.0"), "<f8");
  EXPECT_EQ(name("\"abc\""), "<U3");
  EXPECT_EQ(name("\"\""), "<U1");
  EXPECT_EQ(name("\"NaN\""), "refused");
  EXPECT_EQ(name("null"), "refused");
}

TEST(Moment, CalendarIsGregorianBothWays) {
  const TimeStep day{TimeUnit::day, 1};
  EXPECT_EQ(*parse_moment("0000-03-01", day), -719468);
  EXPECT_EQ(*parse_moment("1600-02-29", day), -135081);
  EXPECT_FALSE(parse_moment("1900-02-29", day).ok());
  EXPECT_FALSE(parse_moment("20260721", day).ok());
  EXPECT_FALSE(parse_moment("2026-7-21", day).ok());
  EXPECT_FALSE(parse_moment("2026-07-21T24", TimeStep{TimeUnit::hour, 1}).ok());
  EXPECT_FALSE(parse_moment("2026-07-21T12+02:00", TimeStep{TimeUnit::hour, 1}).ok());
  EXPECT_EQ(*parse_moment("-0001", TimeStep{TimeUnit::year, 1}), -1971);
  EXPECT_EQ(*parse_moment("1970-01-08", TimeStep{TimeUnit::week, 1}), 1);
  EXPECT_FALSE(parse_moment("1970-01-09", TimeStep{TimeUnit::week, 1}).ok());
  EXPECT_EQ(*parse_moment("1970-01-01T00:00:01.000000000000000002", TimeStep{TimeUnit::as, 1}),
            1000000000000000002);
  EXPECT_FALSE(parse_moment("1971-01-01", TimeStep{TimeUnit::as, 1}).ok());
}

}  // namespace
}  // namespace ndcat
