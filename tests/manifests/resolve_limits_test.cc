// What resolve() says of many problems at once, strange names, deep nesting and very many sources.
#include <gtest/gtest.h>

#include "tests/manifests/resolving.h"

namespace ndcat {
namespace {

TEST(ResolveLimits, ReportsEveryMisfit) {
  FakeProbe probe;
  probe.add_npy("a.npy", "<f8", {5000, 1000});
  probe.add_npy("b.npy", "<f8", {5000, 999});
  probe.add_npy("c.npy", "<f8", {5000});
  EXPECT_EQ(problems_of(probe, "{\"concatenate\": [\n\"a.npy\", \"b.npy\",\n  \"c.npy\", \"d.npy\"]}"),
            (Messages{
                "all.json:2:10 /concatenate/1: shape (5000, 999) does not match (5000, 1000) of a.npy on "
                "axis 1 (only "
                "axis 0 may differ)",
                "all.json:3:3 /concatenate/2: shape (5000,) does not match (5000, 1000) of a.npy: 1 axis "
                "instead of 2",
                "all.json:3:12 /concatenate/3: d.npy: no such file",
            }));
}

TEST(ResolveLimits, ReportsEveryMistakeWithinOneValue) {
  FakeProbe probe;
  probe.add_npy("a.npy", "<f8", {5, 3});
  const auto count = [&probe](const std::string& text) { return problems_of(probe, text).size(); };
  EXPECT_EQ(
      problems_of(probe,
                  R"({"full": [1, 2, 3], "shape": [1], "dtype": [["x", "f9"], ["y", [["z", "i4,k,q8"]]]]})"),
      (Messages{
          "all.json:1:51 /dtype/0/1: field \"x\": unknown dtype \"f9\"; expected a NumPy dtype such as "
          "\"float64\", \"<i4\", \"S10\", \"datetime64[ns]\" or \"i4,f8\"",
          "all.json:1:71 /dtype/1/1/0/1: field \"y\": field \"z\": item 2 of the dtype \"i4,k,q8\": unknown "
          "dtype \"k\"; expected a NumPy dtype such as \"float64\", \"<i4\", \"S10\", \"datetime64[ns]\" or "
          "\"i4,f8\"",
          "all.json:1:71 /dtype/1/1/0/1: field \"y\": field \"z\": item 3 of the dtype \"i4,k,q8\": unknown "
          "dtype \"q8\"; expected a NumPy dtype such as \"float64\", \"<i4\", \"S10\", \"datetime64[ns]\" or "
          "\"i4,f8\"",
      }));
  EXPECT_EQ(
      count(
          R"({"path": "a.npy", "dtype": {"names": ["x", 1], "formats": ["f9", "i4"], "aligned": 1}, "shape": [1]})"),
      3U);
  EXPECT_EQ(count(R"({"full": [300, "x", [1, 2]], "shape": [1], "dtype": "u1,f8,(3,)i4"})"), 3U);
  EXPECT_EQ(count(R"({"full": "x", "shape": [1], "dtype": "u1,f8,(3,)i4"})"), 1U)
      << "one value for all fields";
  EXPECT_EQ(count(R"({"path": "a.npy", "select": "x, 1:y, 2:3:0"})"), 3U);
  EXPECT_EQ(count(R"({"path": "a.npy", "select": "9, -7"})"), 2U);
  EXPECT_EQ(count(R"({"path": "a.npy", "transpose": [5, -7]})"), 2U);
  EXPECT_EQ(count(R"({"path": "a.npy", "transpose": [5, "x", null]})"), 2U);
  EXPECT_EQ(count(R"({"path": "a.npy", "dtype": "f8", "shape": [-2, 1.5, "x", 99999999999999999999]})"), 4U);
  EXPECT_EQ(count(R"({"concatenate": ["a.npy"], "views": ["npz", 1, "raw", "raw"]})"), 3U);
}

TEST(ResolveLimits, TheOddOneIsToldWhereverItStands) {
  FakeProbe probe;
  for (const char* name : {"a", "b", "c", "d"}) probe.add_npy(std::string(name) + ".npy", "<f8", {5, 3});
  probe.add_npy("odd.npy", "<f8", {5});
  probe.add_npy("time.npy", "<M8[s]", {5, 3});
  EXPECT_EQ(
      problems_of(probe, R"({"concatenate": ["odd.npy", "a.npy", "b.npy", "c.npy"], "axis": 1})"),
      (Messages{
          "all.json:1:18 /concatenate/0: shape (5,) does not match (5, 3) of a.npy: 1 axis instead of 2"}));
  EXPECT_EQ(
      problems_of(probe, R"({"stack": ["time.npy", "a.npy", "b.npy"]})"),
      (Messages{
          "all.json:1:12 /stack/0: NumPy has no common dtype for float64 and datetime64[s]; give one of "
          "them an \"astype\" first (a.npy is float64)"}));
  EXPECT_EQ(
      problems_of(probe, R"({"block": ["d.npy", ["a.npy", "b.npy"], ["c.npy", "a.npy"]]})"),
      (Messages{
          "all.json:1:12 /block/0: an array at depth 1 of the lists, but a.npy is at depth 2; all must be "
          "equally deep"}));
  EXPECT_EQ(problems_of(probe, R"({"concatenate": ["a.npy", "b.npy", "c.npy"], "axis": 2})"),
            (Messages{"all.json:1:54 /axis: axis 2 is out of bounds for array of dimension 2 (the shape of "
                      "a.npy is (5, 3))"}));
}

TEST(ResolveLimits, WhatIsKnownOfABrokenSourceIsHeldAgainstTheOthers) {
  FakeProbe probe;
  for (const char* name : {"a", "b", "c"}) probe.add_npy(std::string(name) + ".npy", "<f8", {5, 3});
  probe.add_raw("r.raw", 160);
  const auto with = [&probe](const std::string& source) {
    return problems_of(probe, "{\"concatenate\": [\"a.npy\", \"b.npy\", \"c.npy\", " + source + "]}");
  };
  EXPECT_EQ(with(R"({"path": "r.raw", "dtype": "f9", "shape": [5, 4]})").size(), 2U) << "its shape";
  EXPECT_EQ(with(R"({"path": "r.raw", "dtype": "f9", "shape": [-1, 4]})").size(), 2U)
      << "as far as it is known";
  EXPECT_EQ(with(R"({"path": "r.raw", "dtype": "f9", "shape": [-1, 3]})").size(), 1U);
  EXPECT_EQ(with(R"({"path": "gone.raw", "dtype": "M8[s]", "shape": [5, 4]})").size(), 3U) << "and its dtype";
  EXPECT_EQ(with(R"({"path": "", "dtype": "f8", "shape": [5, 4]})").size(), 2U);
  EXPECT_EQ(with(R"({"path": "a.npy", "astype": "f9", "select": ":, 1"})").size(), 2U);
  EXPECT_EQ(with(R"({"path": "a.npy", "select": "x", "astype": "M8[s]"})").size(), 2U);
  EXPECT_EQ(with(R"({"concatenate": ["a.npy", "gone.npy"], "axis": 1, "transpose": true})").size(), 2U);
  EXPECT_EQ(with(R"({"concatenate": ["a.npy", "gone.npy"], "axis": 1})").size(), 1U)
      << "how wide is not known";
  EXPECT_EQ(with(R"({"path": "a.npy", "wibble": 1, "transpose": true})").size(), 2U);
  EXPECT_EQ(with(R"({"path": "r.raw", "dtyp": "f8", "shape": [5, 4]})").size(), 2U)
      << "a slip is read as it was meant";
  EXPECT_EQ(with(R"({"path": "r.raw", "element": "f8", "shape": [5, 3]})").size(), 1U)
      << "a stray may say anything";
}

TEST(ResolveLimits, AFolderThatCannotBeSearchedIsAProblemOfThePattern) {
  FakeProbe probe;
  probe.add_npy("a/1.npy", "<f8", {1});
  probe.refuse_folder("b", "permission denied");
  EXPECT_EQ(
      problems_of(probe, R"({"concatenate": ["a/*.npy", "*/*.npy"]})"),
      (Messages{"all.json:1:29 /concatenate/1: \"*/*.npy\": cannot search the folder b/: permission denied"}));
}

TEST(ResolveLimits, NamesThatAreNotUtf8AreShownEscaped) {
  FakeProbe probe;
  probe.add_npy("a.npy", "<f8", {1});
  probe.add("b\xff\n.npy", "");
  EXPECT_EQ(problems_of(probe, R"({"concatenate": ["*.npy"]})"),
            (Messages{"all.json:1:18 /concatenate/0: b\\xff\\x0a.npy: the file is empty"}));
}

TEST(ResolveLimits, ProblemsAreInTheOrderOfTheTextAndCountedBeyondAThousand) {
  FakeProbe probe;
  std::string text = "{\"axis\": \"x\", \"concatenate\": [";
  for (int i = 0; i < 1200; ++i) text += (i == 0 ? "\"n" : ",\n\"n") + std::to_string(i) + "\"";
  const Messages messages = problems_of(probe, text + "]}");
  ASSERT_EQ(messages.size(), 1001U);
  EXPECT_EQ(messages[0], "all.json:1:10 /axis: expected a whole number, found a string");
  EXPECT_EQ(messages[999], "all.json:999:1 /concatenate/998: n998: no such file");
  EXPECT_EQ(messages[1000], "all.json: and 201 more problems; mend these first");
}

TEST(ResolveLimits, DeepNestingIsResolvedAndBounded) {
  FakeProbe probe;
  probe.add_npy("a.npy", "<f8", {1});
  const auto nested = [](int levels, const std::string& leaf) {
    std::string text;
    for (int i = 0; i < levels; ++i) text += "{\"concatenate\": [";
    text += "\"" + leaf + "\"";
    for (int i = 0; i < levels; ++i) text += "]}";
    return text;
  };
  EXPECT_EQ(summary(resolved(probe, nested(490, "a.npy"))), "float64 (1,) C");
  probe.add("inner.json", nested(300, "a.npy"));
  const Messages messages = problems_of(probe, nested(300, "inner.json"));
  ASSERT_EQ(messages.size(), 1U);
  EXPECT_NE(messages[0].find("expressions nested deeper than 500 levels, nested manifests included"),
            std::string::npos);
}

TEST(ResolveLimits, AHundredThousandSourcesStaySmall) {
  FakeProbe probe;
  probe.add_npy("part.npy", "<f8", {5, 3});
  std::string text = "{\"concatenate\": [\"part.npy\"";
  for (int i = 1; i < 100'000; ++i) text += ",\"part.npy\"";
  const ResolvedManifest all = resolved(probe, text + "]}");
  EXPECT_EQ(all.sources.size(), 100'000U);
  EXPECT_EQ(all.sources.place(99'999).pointer, "/concatenate/99999");
  EXPECT_EQ(all.view.casts.size(), 1U);
  EXPECT_EQ(probe.prefetched, 100'000U);
  EXPECT_EQ(probe.sources_asked, 100'000U);
}

}  // namespace
}  // namespace ndcat
