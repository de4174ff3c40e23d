// Any bytes as a manifest, over a handful of sources that exist only here: it resolves to an array whose
// pieces lie within their sources, or it says what is wrong at places that exist.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>

#include "core/layout/file_layout.h"
#include "manifests/resolve/resolve.h"
#include "tests/support/fake_probe.h"

namespace {

using namespace ndcat;  // NOLINT: a program of one file

/// Every answer a probe can give: arrays of several kinds, raw bytes, manifests, and files that cannot be
/// had.
void add_sources(FakeProbe& probe) {
  probe.add_npy("a.npy", "<f8", {5, 3});
  probe.add_npy("b.npy", ">f4", {5, 3}, Order::f);
  probe.add_npy("v.npy", "<i2", {3});
  probe.add_npy("scalar.npy", "?", {});
  probe.add_npy("none.npy", "<c16", {0, 3});
  probe.add_npy("text.npy", "<U2", {5, 3});
  probe.add_npy("time.npy", "<M8[s]", {5, 3});
  probe.add_npy("short.npy", "<f8", {5, 3}, Order::c, -1);
  for (const char* name :
       {"part-1.npy", "part-2.npy", "part-10.npy", "days/day-001.npy", "days/day-002.npy"}) {
    probe.add_npy(name, "<i4", {2, 3});
  }
  probe.add_raw("r.raw", 120);
  probe.add("empty", "");
  probe.add("inner.json", R"({"concatenate": ["a.npy", "b.npy"], "order": "F"})");
  probe.add("bad.json", R"({"stack": ["nope.npy", 5]})");
  probe.add("back.json", R"({"concatenate": ["all.json"]})");
  probe.refuse("refused.npy", "permission denied");
}

void check(bool holds) {
  if (!holds) std::abort();
}

/// The lowest and the highest byte that a piece reaches lie in its source.
void check_bounds(const ResolvedManifest& manifest, FakeProbe& probe) {
  const ArrayView& view = manifest.view;
  for (std::size_t i = 0; i < view.pieces.size(); ++i) {
    const Piece piece = view.pieces[i];
    if (piece.is_fill()) {
      check(piece.recipe < view.fills.size());
      check(static_cast<Index>(view.fills[piece.recipe].size()) == view.dtype.itemsize());
      continue;
    }
    check(piece.source < manifest.sources.size());
    check(piece.recipe < view.casts.size() && view.casts[piece.recipe].back() == view.dtype);
    Index lowest = static_cast<Index>(piece.offset), highest = lowest;
    for (std::size_t axis = 0; axis < piece.extents.size(); ++axis) {
      check(piece.extents[axis] >= 1);
      const Index reach = (piece.extents[axis] - 1) * piece.strides[axis];
      (reach < 0 ? lowest : highest) += reach;
    }
    const std::string path(manifest.sources[piece.source].path);
    check(lowest >= manifest.sources[piece.source].array_begin);
    check(highest + view.casts[piece.recipe].front().itemsize() <= probe.source(path, 0).size);
    check(manifest.sources.place(piece.source).line > 0);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  FakeProbe probe;
  add_sources(probe);
  probe.add("all.json", std::string(reinterpret_cast<const char*>(data), size));
  const Resolution resolution = resolve("all.json", "all.json", probe);
  check(resolution.manifest.has_value() == resolution.problems.empty());
  for (const Problem& problem : resolution.problems) {
    check(!problem.message.empty() && !problem.file.empty());
    check(to_string(problem).find('\n') == std::string::npos);
  }
  if (!resolution.manifest) return 0;
  check_bounds(*resolution.manifest, probe);
  check(!resolution.manifest->views.empty());
  // What resolves can be laid out, or is too big for any file.
  const Result<FileLayout> layout = FileLayout::plan(resolution.manifest->view, resolution.manifest->order);
  check(layout.ok() || !layout.error().message.empty());
  return 0;
}
