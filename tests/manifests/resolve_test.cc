// What each verb and modifier means: the arrays that manifests resolve to, over files that exist only here.
#include <gtest/gtest.h>

#include "tests/manifests/resolving.h"

namespace ndcat {
namespace {

TEST(Resolve, ConcatenatesStrings) {
  FakeProbe probe;
  probe.add_npy("a.npy", "<f8", {5, 3});
  probe.add_npy("b.npy", "<f4", {2, 3});
  const ResolvedManifest all = resolved(probe, R"({"concatenate": ["a.npy", "b.npy"]})");
  EXPECT_EQ(summary(all), "float64 (7, 3) C");
  EXPECT_EQ(source_names(all), "a.npy b.npy");
  EXPECT_EQ(all.sources[0].array_begin, 128);
  EXPECT_EQ(all.sources[1].manifest, "all.json");
  EXPECT_EQ(all.sources.place(1).pointer, "/concatenate/1");
  EXPECT_EQ(all.sources.place(1).line, 1);
  EXPECT_EQ(all.sources.place(1).column, 27);
  EXPECT_EQ(all.views, (std::vector{ViewKind::npy, ViewKind::raw, ViewKind::json}));
}

TEST(Resolve, ConcatenatesAlongALaterAxisAndCountsFromTheEnd) {
  FakeProbe probe;
  probe.add_npy("a.npy", "<i4", {5, 3});
  probe.add_npy("b.npy", "<i4", {5, 4});
  EXPECT_EQ(summary(resolved(probe, R"({"concatenate": ["a.npy", "b.npy"], "axis": 1})")), "int32 (5, 7) C");
  EXPECT_EQ(summary(resolved(probe, R"({"concatenate": ["a.npy", "b.npy"], "axis": -1})")), "int32 (5, 7) C");
}

TEST(Resolve, ReportsEveryMisfit) {
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

}  // namespace
}  // namespace ndcat
