// What NumPy takes is in test_dtypes_numpy.py; here is how refusals are said, and what NumPy has no answer
// to.
#include "manifests/words/dtype_text.h"

#include <gtest/gtest.h>

#include <string>

#include "manifests/describe.h"
#include "manifests/json/json_text.h"

namespace ndcat {
namespace {

std::string error_of(std::string_view text) {
  const Result<Dtype> dtype = parse_dtype(text);
  EXPECT_FALSE(dtype.ok()) << text;
  return dtype ? "" : dtype.error().message;
}
Result<Dtype> from_json(const std::string& text) {
  const JsonText json = parse_json(text, "dtype");
  EXPECT_NE(json.root, nullptr) << text;
  return json.root ? parse_dtype(*json.root) : Result<Dtype>(Error{});
}
std::string error_of_json(const std::string& text) {
  const Result<Dtype> dtype = from_json(text);
  EXPECT_FALSE(dtype.ok()) << text;
  return dtype ? "" : dtype.error().message;
}

TEST(DtypeText, SuggestsTheNearestName) {
  EXPECT_EQ(error_of("flaot64"), "unknown dtype \"flaot64\"; did you mean \"float64\"?");
  EXPECT_EQ(error_of("Float32"), "unknown dtype \"Float32\"; did you mean \"float32\"?");
  EXPECT_EQ(error_of("datetime"), "unknown dtype \"datetime\"; did you mean \"datetime64\"?");
  EXPECT_EQ(error_of("<float64"),
            "unknown dtype \"<float64\"; a byte order goes with the short form, \"<f8\"");
  EXPECT_EQ(error_of("colour"),
            "unknown dtype \"colour\"; expected a NumPy dtype such as \"float64\", \"<i4\", \"S10\", "
            "\"datetime64[ns]\" or \"i4,f8\"");
  EXPECT_EQ(error_of("i4,flaot64"),
            "item 2 of the dtype \"i4,flaot64\": unknown dtype \"flaot64\"; did you mean \"float64\"?");
}

TEST(DtypeText, SaysWhyItRefuses) {
  EXPECT_EQ(error_of(""), "the dtype is empty");
  EXPECT_EQ(error_of(">"), "the dtype \">\" is only a byte order");
  EXPECT_EQ(error_of("O"),
            "the dtype \"O\" means Python objects; their files hold pickles, which are never read");
  EXPECT_EQ(error_of("(2,3)f8"),
            "the dtype \"(2,3)f8\" is a sub-array; put its extents (2, 3) into \"shape\" instead");
  EXPECT_EQ(error_of("i4,<>f8"), "item 2 of the dtype \"i4,<>f8\": it has two byte orders, \"<\" and \">\"");
  EXPECT_EQ(error_of("i4;f8,i4"),
            "item 1 of the dtype \"i4;f8,i4\": found \";\" where a comma or the end was expected");
  EXPECT_EQ(error_of("i4,02f8"),
            "item 2 of the dtype \"i4,02f8\": found \"02\" where a number or extents such as "
            "\"(2,3)\" were expected");
}

TEST(DtypeText, ExplainsUnits) {
  EXPECT_EQ(error_of("M8[ns"),
            "the dtype \"M8[ns\" must end with its unit in square brackets, as in "
            "\"datetime64[ns]\" or \"m8[25s]\"");
  EXPECT_EQ(error_of("M8[sec]"),
            "the dtype \"M8[sec]\" has the unknown unit \"sec\"; units are Y, M, W, D, h, m, s, ms, "
            "us, ns, ps, fs, as");
  EXPECT_EQ(error_of("M8[0s]"), "the dtype \"M8[0s]\" has a step out of the range 1 to 2147483647");
  EXPECT_EQ(error_of("M8[99999999999999999999s]"),
            "the dtype \"M8[99999999999999999999s]\" has a step out of the range 1 to 2147483647");
  EXPECT_EQ(error_of("M8[s/0]"), "the dtype \"M8[s/0]\" needs a whole number from 1 on behind its \"/\"");
  EXPECT_EQ(error_of("M8[W/11]"),
            "the dtype \"M8[W/11]\" has a step that is no whole number of a finer unit");
  EXPECT_EQ(error_of("M8[2147483647D/2]"),
            "the dtype \"M8[2147483647D/2]\" has a step that is no whole number of a finer unit");
}

TEST(DtypeText, SizesAreBounded) {
  ASSERT_TRUE(parse_dtype("S2147483647").ok());
  EXPECT_NE(error_of("S2147483648").find("larger than 2147483647 bytes"), std::string::npos);
  EXPECT_NE(error_of("U536870912").find("larger than 2147483647 bytes"), std::string::npos);
  EXPECT_NE(error_of("S99999999999999999999").find("larger than 2147483647 bytes"), std::string::npos);
  EXPECT_NE(error_of("S2147483647,i1").find("larger than 2147483647 bytes"), std::string::npos);
  EXPECT_NE(error_of("i4,(65536,65536)i1").find("larger than 2147483647 bytes"), std::string::npos);
  EXPECT_NE(error_of("i4,99999999999999999999f8").find("larger than 2147483647 bytes"), std::string::npos);
  EXPECT_NE(error_of_json(R"([["a", "f8", [4294967296, 4294967296]]])").find("larger than"),
            std::string::npos);
  EXPECT_NE(error_of_json(R"({"names":["a"],"formats":["f8"],"offsets":[9223372036854775807]})")
                .find("larger than"),
            std::string::npos);
  std::string rank = "i4,(";
  for (int i = 0; i < 33; ++i) rank += "1,";
  EXPECT_NE(error_of(rank + ")f8").find("more than 32 axes"), std::string::npos);
}

TEST(DtypeText, JsonErrorsNameTheField) {
  EXPECT_EQ(error_of_json("3"),
            "expected a dtype (a string, a list of fields or an object with \"names\" and "
            "\"formats\"), found a number \"3\"");
  EXPECT_EQ(error_of_json(R"([["a", "f8"], ["b", [["c", "flaot"]]]])"),
            "field \"b\": field \"c\": unknown dtype \"flaot\"; did you mean \"float\"?");
  EXPECT_EQ(error_of_json(R"(["a", "f8"])"),
            "expected a field as a list [name, dtype] or [name, dtype, shape], found a string \"a\"");
  EXPECT_EQ(error_of_json(R"([["a", "f8"], ["a", "i4"]])"),
            "the name or title 'a' occurs more than once among the fields");
  EXPECT_EQ(error_of_json(R"([["a", "f8", [2.5]]])"),
            "field \"a\": expected a whole number as an extent, found a number \"2.5\"");
  EXPECT_EQ(error_of_json(R"([["a", "f8", [-1]]])"), "field \"a\": the extent -1 of a sub-array is negative");
  EXPECT_EQ(error_of_json(R"([["a", "S", [2]]])"),
            "field \"a\": a type without a size cannot be repeated (give it one, as in \"S10\")");
  EXPECT_EQ(error_of_json(R"({"name": ["a"], "formats": ["f8"]})"),
            "\"name\": unknown key of a dtype; did you mean \"names\"?");
  EXPECT_EQ(error_of_json(R"({"names": ["a"]})"),
            "the dtype lacks the key \"formats\" (it needs \"names\" and \"formats\")");
  EXPECT_EQ(error_of_json(R"({"names": ["a", "b"], "formats": ["f8"]})"),
            "\"formats\" has 1 entries, but \"names\" has 2");
  EXPECT_EQ(error_of_json(R"({"names": ["a"], "formats": ["f8"], "itemsize": 4})"),
            "\"itemsize\" is 4, but the fields need 8 bytes");
  EXPECT_EQ(error_of_json(R"({"names": ["a"], "formats": ["f8"], "offsets": [-8]})"),
            "field \"a\": the offset -8 is negative");
  EXPECT_EQ(error_of_json(R"({"names": ["a"], "formats": ["f8"], "offsets": [4], "aligned": true})"),
            "field \"a\": the offset 4 is not a multiple of the alignment 8, as \"aligned\" asks");
}

TEST(DtypeText, NestingIsBounded) {
  std::string text = "\"f8\"";
  for (int i = 0; i < 400; ++i) text = "[[\"a\", " + text + "]]";
  EXPECT_NE(error_of_json(text).find("nested more than 90 levels"), std::string::npos);
}

TEST(DtypeText, WritesListsOfFieldsWhereTheySayAll) {
  const auto written = [](const std::string& text) {
    const Result<Dtype> dtype = from_json(text);
    EXPECT_TRUE(dtype.ok()) << text;
    return dtype ? dtype_to_json(*dtype) : "";
  };
  EXPECT_EQ(written("\"float64\""), "\"<f8\"");
  EXPECT_EQ(written(R"([["a", "f8"], [["t", "b"], ">i4", [2, 3]]])"),
            R"([["a", "<f8"], [["t", "b"], ">i4", [2, 3]]])");
  EXPECT_EQ(written(R"({"names": ["a"], "formats": [["f8", [2]]], "offsets": [8], "itemsize": 32})"),
            R"({"names": ["a"], "formats": [["<f8", [2]]], "offsets": [8], "itemsize": 32})");
}

TEST(Describe, IsAManifestOfTheRawView) {
  EXPECT_EQ(describe_array("all.raw", Dtype::simple(Kind::floating, 8), {20000, 1000}, Order::c, 0),
            "{\"path\": \"all.raw\", \"dtype\": \"<f8\", \"shape\": [20000, 1000], \"order\": \"C\", "
            "\"offset\": 0}\n");
  EXPECT_EQ(
      describe_array("a\"b\n", Dtype::boolean(), {}, Order::f, 128),
      "{\"path\": \"a\\\"b\\n\", \"dtype\": \"|b1\", \"shape\": [], \"order\": \"F\", \"offset\": 128}\n");
}

}  // namespace
}  // namespace ndcat
