// FileLayout: planning, against a memcpy of the pieces, and finding the pieces of a request, against a memcpy
// of the request.
#include <cstdint>
#include <cstdlib>
#include <string>
#include <utility>

#include "core/layout/file_layout.h"
#include "tests/bench/micro/against_memcpy.h"
#include "tests/bench/micro/benchmarks.h"
#include "tests/bench/micro/joined.h"

namespace ndcat::bench {
namespace {

const Shape kShape = {1000, 10};

void plan(benchmark::State& state, Index sources, Warmth warmth) {
  const ArrayView view = joined(sources, kShape, 0);
  constexpr Index kPieceSize = (3 * 2 + 2) * 8;  // of two axes
  against_memcpy(state, sources * kPieceSize, warmth, [&] {
    if (!FileLayout::plan(view, Order::c)) std::abort();
  });
}

void lookup(benchmark::State& state, Index sources, Warmth warmth) {
  const auto layout = *FileLayout::plan(joined(sources, kShape, 0), Order::c);
  constexpr Index kPage = 4096;  // where requests begin
  const auto places = static_cast<std::uint64_t>((layout.size() - kRequest) / kPage);
  std::uint64_t random = 1;
  against_memcpy(state, kRequest, warmth, [&] {
    random = random * 6364136223846793005u + 1442695040888963407u;
    const VirtualOffset begin{static_cast<Index>((random >> 20) % places) * kPage};
    Index segments = 0;
    layout.for_each_segment({.begin = begin, .length = kRequest}, [&segments](const Segment&) {
      ++segments;
      return true;
    });
    benchmark::DoNotOptimize(segments);
  });
}

}  // namespace

void add_layout() {
  const std::pair<Index, const char*> scales[] = {{90, "90"}, {9'000, "9 000"}, {100'000, "100 000"}};
  for (const auto& [count, text] : scales) {
    const Index sources = count;
    const std::string row = std::string("layout/") + text + " sources/";
    add_one(row + "plan", Warmth::cache,
            [sources](auto& state, Warmth warmth) { plan(state, sources, warmth); });
    add_one(row + "lookup", Warmth::cache,
            [sources](auto& state, Warmth warmth) { lookup(state, sources, warmth); });
  }
}

}  // namespace ndcat::bench
