// Manifests as sources of other manifests.
#include <gtest/gtest.h>

#include "tests/manifests/resolving.h"

namespace ndcat {
namespace {

TEST(ResolveNested, ANestedManifestIsWhatNumpyLoadsFromItsFile) {
  FakeProbe probe;
  probe.add_npy("a.npy", "<f8", {5, 3});
  probe.add("f.json", R"({"concatenate": ["a.npy"], "order": "F"})");
  probe.add("big.json", R"({"concatenate": ["a.npy"], "astype": ">f8"})");
  EXPECT_EQ(summary(resolved(probe, R"({"path": "f.json"})")), "float64 (5, 3) F");
  EXPECT_EQ(summary(resolved(probe, R"({"concatenate": ["f.json", "f.json"], "axis": 1})")),
            "float64 (5, 6) F");
  EXPECT_EQ(summary(resolved(probe, R"({"path": "f.json", "transpose": true})")), "float64 (3, 5) C");
  EXPECT_EQ(summary(resolved(probe, R"({"path": "big.json"})")), ">f8 (5, 3) C");
}

TEST(ResolveNested, ANestedManifestIsReadOnceAndKnowsItsOwnFolder) {
  FakeProbe probe;
  probe.add_npy("sub/a.npy", "<f8", {1});
  probe.add("sub/inner.json", R"({"concatenate": ["a.npy"]})");
  const ResolvedManifest all =
      resolved(probe, R"({"concatenate": ["sub/inner.json", "sub/i*.json", "./sub/inner.json"]})");
  EXPECT_EQ(summary(all), "float64 (3,) C");
  EXPECT_EQ(all.sources[0].path, "sub/a.npy");
  EXPECT_EQ(all.sources[0].manifest, "sub/inner.json");
  EXPECT_LE(all.sources.size(), 2U) << "one for each way to write the folder";
}

TEST(ResolveNested, TwoWaysToTheSameManifestAreNoCycle) {
  FakeProbe probe;
  probe.add_npy("a.npy", "<f8", {1});
  probe.add("left.json", R"({"concatenate": ["leaf.json"]})");
  probe.add("right.json", R"({"concatenate": ["leaf.json"]})");
  probe.add("leaf.json", R"({"concatenate": ["a.npy"]})");
  EXPECT_EQ(summary(resolved(probe, R"({"concatenate": ["left.json", "right.json"]})")), "float64 (2,) C");
}

TEST(ResolveNested, ACycleIsSeenThroughOtherNames) {
  FakeProbe probe;
  probe.add("other.json", R"({"concatenate": ["all.json"]})");
  probe.set_identity("other.json", "same");
  probe.add("all.json", R"({"concatenate": ["other.json"]})");
  probe.set_identity("all.json", "same");
  const Resolution resolution = resolve("all.json", "all.json", probe);
  ASSERT_EQ(resolution.problems.size(), 1U);
  EXPECT_EQ(to_string(resolution.problems[0]),
            "all.json:1:18 /concatenate/0: other.json: a cycle: all.json -> all.json; a manifest cannot be a "
            "source of "
            "itself");
}

TEST(ResolveNested, ManifestsThatDoubleEachOtherAreBounded) {
  FakeProbe probe;
  probe.add_npy("a.npy", "<f8", {1});
  for (int i = 0; i < 60; ++i) {
    const std::string next = i == 59 ? "a.npy" : std::to_string(i + 1) + ".json";
    probe.add(std::to_string(i) + ".json", R"({"concatenate": [")" + next + R"(", ")" + next + R"("]})");
  }
  EXPECT_FALSE(problems_of(probe, R"({"path": "0.json"})").empty());
}

TEST(ResolveNested, AManifestThatCannotBeReadIsOneProblem) {
  FakeProbe probe;
  EXPECT_EQ(to_string(resolve("none.json", "none.json", probe).problems.at(0)), "none.json: no such file");
}

}  // namespace
}  // namespace ndcat
