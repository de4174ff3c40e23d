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
                "all.json:3:3 /concatenate/2: shape (5000,) does not match (5000, 1000) of a.npy: 1 axes "
                "instead of 2",
                "all.json:3:12 /concatenate/3: d.npy: no such file",
            }));
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
  ASSERT_EQ(messages.size(), 2U);
  EXPECT_NE(messages[1].find("expressions nested deeper than 500 levels, nested manifests included"),
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
