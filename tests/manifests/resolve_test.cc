// What each verb and modifier means: the arrays that manifests resolve to, over files that exist only here.
#include <gtest/gtest.h>

#include "manifests/json/json_text.h"
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

// --- verbs

TEST(Resolve, StacksAndBlocks) {
  FakeProbe probe;
  probe.add_npy("a.npy", "<i4", {5, 3});
  probe.add_npy("b.npy", "<i4", {5, 3});
  probe.add_npy("c.npy", "<i4", {2, 6});
  EXPECT_EQ(summary(resolved(probe, R"({"stack": ["a.npy", "b.npy"]})")), "int32 (2, 5, 3) C");
  EXPECT_EQ(summary(resolved(probe, R"({"stack": ["a.npy", "b.npy"], "axis": -1})")), "int32 (5, 3, 2) C");
  EXPECT_EQ(summary(resolved(probe, R"({"block": [["a.npy", "b.npy"], ["c.npy"]]})")), "int32 (7, 6) C");
  EXPECT_EQ(summary(resolved(probe, R"({"block": "a.npy"})")), "int32 (5, 3) C");
  EXPECT_EQ(summary(resolved(probe, R"({"block": ["[ab].npy"]})")), "int32 (5, 6) C")
      << "globs are spliced in";
}

TEST(Resolve, FullIsOneFill) {
  FakeProbe probe;
  const ResolvedManifest full =
      resolved(probe, R"({"full": 7, "shape": [1000000000, 1000], "dtype": ">u2"})");
  EXPECT_EQ(summary(full), ">u2 (1000000000, 1000) C");
  EXPECT_TRUE(full.sources.empty());
  ASSERT_EQ(full.view.fills.size(), 1U);
  EXPECT_EQ(full.view.fills[0], (std::vector{std::byte{0}, std::byte{7}}));
}

TEST(Resolve, APathIsLiteralAndAStringMayBeAPattern) {
  FakeProbe probe;
  probe.add_npy("a[1].npy", "<f8", {2});
  probe.add_npy("a1.npy", "<f8", {3});
  EXPECT_EQ(source_names(resolved(probe, R"({"path": "a[1].npy"})")), "a[1].npy");
  EXPECT_EQ(source_names(resolved(probe, R"({"concatenate": ["a[1].npy"]})")), "a1.npy");
  EXPECT_EQ(source_names(resolved(probe, R"({"concatenate": [{"glob": "a\\[1].npy"}]})")), "a[1].npy");
}

TEST(Resolve, AGlobIsSplicedInNaturalOrder) {
  FakeProbe probe;
  for (const int i : {10, 9, 1}) probe.add_npy("part-" + std::to_string(i) + ".npy", "<f8", {i});
  probe.add_npy("z.npy", "<f8", {1});
  const ResolvedManifest all =
      resolved(probe, "{\"concatenate\": [\"z.npy\",\n  \"part-*.npy\", \"z.npy\"]}");
  EXPECT_EQ(source_names(all), "z.npy part-1.npy part-9.npy part-10.npy z.npy");
  EXPECT_EQ(all.sources.place(2).pointer, "/concatenate/1");
  EXPECT_EQ(all.sources.place(2).line, 2);
  EXPECT_EQ(all.sources.place(2).column, 3);
}

TEST(Resolve, BracesComeInWrittenOrderAndMayRepeat) {
  FakeProbe probe;
  for (const char* name : {"a1.npy", "a2.npy", "b1.npy"}) probe.add_npy(name, "<f8", {1});
  EXPECT_EQ(source_names(resolved(probe, R"({"concatenate": ["{b,a}*.npy", "a{1,1}.npy"]})")),
            "b1.npy a1.npy a2.npy a1.npy a1.npy");
}

TEST(Resolve, PathsStartAtTheManifestsFolder) {
  FakeProbe probe;
  probe.add_npy("runs/a.npy", "<f8", {1});
  probe.add_npy("/data/b.npy", "<f8", {1});
  probe.add("runs/all.json",
            R"({"concatenate": ["a.npy", "[a].npy", "/data/b.npy", "/data/*.npy", "../runs/a.npy"]})");
  const Resolution resolution = resolve("runs/all.json", "all.json", probe);
  ASSERT_TRUE(resolution.manifest.has_value());
  EXPECT_EQ(source_names(*resolution.manifest),
            "runs/a.npy runs/a.npy /data/b.npy /data/b.npy runs/../runs/a.npy");
}

// --- raw descriptions

TEST(Resolve, RawFilesNeedExactlyTheirBytes) {
  FakeProbe probe;
  probe.add_raw("r.raw", 128);
  const ResolvedManifest raw =
      resolved(probe, R"({"path": "r.raw", "dtype": "<f8", "shape": [5, 3], "order": "F", "offset": 8})");
  EXPECT_EQ(summary(raw), "float64 (5, 3) F");
  EXPECT_EQ(raw.sources[0].array_begin, 8);
  EXPECT_EQ(summary(resolved(probe, R"({"path": "r.raw", "dtype": "<f4", "shape": [2, -1, 4]})")),
            "float32 (2, 4, 4) C");
  EXPECT_EQ(summary(resolved(probe, R"({"path": "r.raw", "dtype": "V128", "shape": []})")), "|V128 () C");
  EXPECT_EQ(summary(resolved(probe, R"({"path": "r.raw", "dtype": "u1", "shape": [-1], "offset": 128})")),
            "uint8 (0,) C");
}

TEST(Resolve, ADescriptionWinsOverAHeader) {
  FakeProbe probe;
  probe.add_npy("a.npy", "<f8", {5, 3});
  const ResolvedManifest raw = resolved(probe, R"({"path": "a.npy", "dtype": "u1", "shape": [-1]})");
  EXPECT_EQ(summary(raw), "uint8 (248,) C");
  EXPECT_EQ(raw.sources[0].array_begin, 0);
}

TEST(Resolve, WhatFollowsTheArrayOfANumpyFileDoesNotMatter) {
  FakeProbe probe;
  probe.add_npy("a.npy", "<f8", {5, 3}, Order::c, 1000);
  EXPECT_EQ(summary(resolved(probe, R"({"path": "a.npy"})")), "float64 (5, 3) C");
}

TEST(Resolve, LongHeadersAreReadWhole) {
  FakeProbe probe;
  std::string fields;
  for (int i = 0; i < 100; ++i)
    fields += (i == 0 ? "" : ", ") + ("[\"field_" + std::to_string(i)) + "\", \"<f8\"]";
  const Dtype dtype = *parse_dtype(*parse_json("[" + fields + "]", "").root);
  std::string file = *write_numpy_header(dtype, {2}, Order::c);
  EXPECT_GT(file.size(), 2000U);
  const auto header = static_cast<Index>(file.size());
  file.resize(file.size() + 1600);
  probe.add("a.npy", file);
  EXPECT_EQ(resolved(probe, R"({"path": "a.npy"})").sources[0].array_begin, header);
}

TEST(Resolve, DefaultsAreInheritedKeyByKey) {
  FakeProbe probe;
  probe.add_raw("r.raw", 48);
  const std::string defaults =
      R"({"defaults": {"dtype": "<f4", "shape": [-1, 2], "order": "F", "offset": 16}, )";
  EXPECT_EQ(summary(resolved(probe, defaults + R"("concatenate": ["r.raw"]})")), "float32 (4, 2) F");
  EXPECT_EQ(summary(resolved(
                probe, defaults + R"("concatenate": [{"path": "r.raw", "dtype": "<f8", "offset": 0}]})")),
            "float64 (3, 2) F");
  EXPECT_EQ(summary(resolved(probe, defaults + R"("path": "r.raw", "shape": [2, 2, 2], "order": "C"})")),
            "float32 (2, 2, 2) C");
  EXPECT_EQ(summary(resolved(probe, defaults + R"("stack": [{"concatenate": ["r.raw", "r*.raw"]}]})")),
            "float32 (1, 8, 2) F")
      << "at any depth";
}

TEST(Resolve, DefaultsStayInTheirManifest) {
  FakeProbe probe;
  probe.add_raw("r.raw", 48);
  probe.add_npy("a.npy", "<f4", {6, 2});
  probe.add("inner.json", R"({"concatenate": ["a.npy"]})");
  EXPECT_EQ(summary(resolved(probe, R"({"defaults": {"dtype": "<f4", "shape": [-1, 2]},
                                       "concatenate": ["r.raw", "inner.json"]})")),
            "float32 (12, 2) C");
}

TEST(Resolve, ADescribedFileNamedJsonIsNoManifestUnlessTheDescriptionIsInherited) {
  FakeProbe probe;
  probe.add("text.json", "{\"full\": 1, \"shape\": [24]}");
  EXPECT_EQ(summary(resolved(probe, R"({"path": "text.json", "dtype": "S1", "shape": [-1]})")),
            "|S1 (26,) C");
  EXPECT_EQ(summary(resolved(
                probe, R"({"defaults": {"dtype": "S1", "shape": [-1]}, "concatenate": ["text.json"]})")),
            "int64 (24,) C");
  probe.add("bytes.json", "0123");
  EXPECT_EQ(summary(resolved(
                probe, R"({"defaults": {"dtype": "S1", "shape": [-1]}, "concatenate": ["bytes.json"]})")),
            "|S1 (4,) C");
}

TEST(Resolve, FormatsAreRecognisedByTheirBytesNotByTheirNames) {
  FakeProbe probe;
  probe.add_npy("array.json", "<f8", {2});
  probe.add("manifest.npy", " \n{\"concatenate\": [\"array.json\"]}");
  EXPECT_EQ(summary(resolved(probe, R"({"concatenate": ["array.json", "manifest.npy"]})")), "float64 (4,) C");
}

// --- modifiers

TEST(Resolve, ModifiersApplyInTheirOrderWhateverTheText) {
  FakeProbe probe;
  probe.add_npy("a.npy", "<f8", {5, 3});
  EXPECT_EQ(summary(resolved(
                probe, R"({"astype": "i2", "transpose": true, "select": "1:, newaxis", "path": "a.npy"})")),
            "int16 (3, 1, 4) F");
  EXPECT_EQ(summary(resolved(probe, R"({"concatenate": ["a.npy"], "select": "0", "astype": ">f8"})")),
            ">f8 (3,) C");
}

TEST(Resolve, ModifiersOfAGlobApplyToEachMatch) {
  FakeProbe probe;
  probe.add_npy("a.npy", "<f8", {5, 3});
  probe.add_npy("b.npy", "<f8", {4, 3});
  EXPECT_EQ(summary(resolved(probe, R"({"stack": [{"glob": "*.npy", "select": "-1"}]})")),
            "float64 (2, 3) C");
}

// --- missing

TEST(Resolve, MissingSourcesAreSkippedOnDemand) {
  FakeProbe probe;
  probe.add_npy("a1.npy", "<f8", {2});
  probe.add_npy("a3.npy", "<f8", {2});
  EXPECT_EQ(summary(resolved(probe, R"({"concatenate": [{"glob": "a{1..3}.npy", "missing": "skip"},
                                                     {"path": "b.npy", "missing": "skip"},
                                                     {"glob": "c*.npy", "missing": "skip"}]})")),
            "float64 (4,) C");
}

TEST(Resolve, AFillTakesShapeAndDtypeOfItsOwnDescriptionAndThenItsModifiers) {
  FakeProbe probe;
  const ResolvedManifest fill = resolved(
      probe,
      R"({"path": "no.raw", "dtype": "<i2", "shape": [2, 3], "order": "F", "select": "0:1", "missing": {"fill": 7}})");
  EXPECT_EQ(fill.view.shape, (Shape{1, 3}));
  EXPECT_EQ(summary(resolved(probe, R"({"path": "no.raw", "dtype": "<i2", "shape": [2, 3], "order": "F",
                                       "missing": {"fill": 7}})")),
            "int16 (2, 3) F")
      << "as np.load gives the file that is missing";
  EXPECT_EQ(summary(resolved(probe, R"({"defaults": {"dtype": "<i2", "shape": [4]},
                                       "concatenate": [{"path": "no.raw", "missing": {"fill": 7}}]})")),
            "int16 (4,) C");
}

TEST(Resolve, AFillTakesShapeAndDtypeOfItsNeighboursAfterTheirModifiers) {
  FakeProbe probe;
  for (const int i : {1, 2, 4}) probe.add_npy("p" + std::to_string(i) + ".npy", ">f4", {i == 4 ? 2 : 6, 2});
  EXPECT_EQ(
      summary(resolved(probe, R"({"concatenate": [{"glob": "p{0..2}.npy", "missing": {"fill": "nan"}}]})")),
      "float32 (18, 2) C");
  EXPECT_EQ(summary(resolved(probe, R"({"concatenate": [{"glob": "p{4..6}.npy", "missing": {"fill": 0}}]})")),
            "float32 (6, 2) C");
  EXPECT_EQ(summary(resolved(
                probe, R"({"stack": [{"glob": "p{0..3}.npy", "select": "::2", "missing": {"fill": 0}}]})")),
            "float32 (4, 3, 2) C");
  EXPECT_EQ(summary(resolved(probe, R"({"block": [[{"glob": "p{0..2}.npy", "missing": {"fill": 0}}]]})")),
            "float32 (6, 6) C");
}

TEST(Resolve, NothingIsSaidOfGapsBesideSourcesThatCannotBeRead) {
  FakeProbe probe;
  probe.refuse("a.npy", "permission denied");
  EXPECT_EQ(problems_of(probe, R"({"concatenate": ["a.npy", {"path": "no.npy", "missing": {"fill": 0}}]})"),
            (Messages{"all.json:1:18 /concatenate/0: a.npy: permission denied"}));
}

// --- the root

TEST(Resolve, OrderIsNumPysUnlessItIsSet) {
  FakeProbe probe;
  probe.add_npy("f1.npy", "<f8", {5, 3}, Order::f);
  probe.add_npy("f2.npy", "<f8", {5, 4}, Order::f);
  probe.add_npy("c.npy", "<f8", {5, 4});
  EXPECT_EQ(summary(resolved(probe, R"({"concatenate": ["f1.npy", "f2.npy"], "axis": 1})")),
            "float64 (5, 7) F");
  EXPECT_EQ(summary(resolved(probe, R"({"concatenate": ["f1.npy", "f2.npy"], "axis": 1, "order": "K"})")),
            "float64 (5, 7) F");
  EXPECT_EQ(summary(resolved(probe, R"({"concatenate": ["f1.npy", "c.npy"], "axis": 1})")),
            "float64 (5, 7) C");
  EXPECT_EQ(summary(resolved(probe, R"({"concatenate": ["f1.npy", "f2.npy"], "axis": 1, "order": "C"})")),
            "float64 (5, 7) C");
  EXPECT_EQ(summary(resolved(probe, R"({"concatenate": ["c.npy"], "order": "F"})")), "float64 (5, 4) F");
}

TEST(Resolve, RootKeys) {
  FakeProbe probe;
  probe.add_npy("a.npy", "<f8", {5, 3});
  const ResolvedManifest all =
      resolved(probe, R"({"$schema": "x", "title": "T", "description": "D", "mode": "r+",
                                                  "views": ["json", "npy"], "path": "a.npy"})");
  EXPECT_EQ(all.title, "T");
  EXPECT_EQ(all.description, "D");
  EXPECT_EQ(all.access, Access::read_write);
  EXPECT_EQ(all.views, (std::vector{ViewKind::npy, ViewKind::json}));
}

TEST(Resolve, RawViewsAloneDoNotNeedANumpyHeader) {
  FakeProbe probe;
  const std::string overlap =
      R"("dtype": {"names": ["a", "b"], "formats": ["i4", "i4"], "offsets": [0, 2]}})";
  EXPECT_EQ(resolved(probe, R"({"views": ["raw"], "full": 0, "shape": [2], )" + overlap).view.shape,
            (Shape{2}));
  EXPECT_EQ(problems_of(probe, R"({"full": 0, "shape": [2], )" + overlap).size(), 1U);
}

}  // namespace
}  // namespace ndcat
