// copy_block: each pattern that joins, cuts and turns make, for each size of items.
#include <cstdlib>
#include <string>
#include <vector>

#include "tests/bench/micro/against_memcpy.h"
#include "tests/bench/micro/benchmarks.h"

namespace ndcat::bench {
namespace {

/// One request: `parts` sources, of which each gives `run` items in turn, `step` items apart in the source.
struct Pattern {
  const char* name;
  Index parts, run, step;
};

constexpr Pattern kPatterns[] = {
    {"contiguous", 1, 1, 1},
    {"interleaved 1+1", 2, 1, 1},
    {"interleaved 1+1+1", 3, 1, 1},
    {"interleaved 4 x 1", 4, 1, 1},
    {"interleaved 8 x 1", 8, 1, 1},
    {"rows of 3+3", 2, 3, 1},
    {"rows of 7+7", 2, 7, 1},
    {"rows of 40+40", 2, 40, 1},
    {"step 2", 1, 1, 2},
    {"step 3", 1, 1, 3},
    {"step 4", 1, 1, 4},
    {"step 10", 1, 1, 10},
    {"step 500", 1, 1, 500},
    {"reversed", 1, 1, -1},
    {"step -2", 1, 1, -2},
};

void gather(benchmark::State& state, const Pattern& pattern, Index itemsize, Warmth warmth) {
  const Index row = pattern.run * itemsize;
  // A wide step needs few items to reach far.
  const Index rows = kRequest / (std::abs(pattern.step) > 100 ? 16 : 1) / (pattern.parts * row);
  const BlockShape shape{.extents = {rows, pattern.run},
                         .from_strides = {row * pattern.step, itemsize},
                         .to_strides = {pattern.parts * row, itemsize}};
  const Index length = reach(shape.extents, shape.from_strides, itemsize);
  const Index first = pattern.step < 0 ? length - row : 0;
  std::vector<NoiseSource> sources;
  for (Index part = 0; part < pattern.parts; ++part) sources.emplace_back(warmth);
  std::vector<std::byte> to(kRequest);
  against_memcpy(state, rows * pattern.parts * row, warmth, [&] {
    std::byte* part_to = to.data();
    for (NoiseSource& source : sources) {
      copy_block(part_to, source.next(length) + first, shape, itemsize);
      part_to += row;
    }
  });
}

}  // namespace

void add_gather() {
  for (const Pattern& pattern : kPatterns) {
    for (const Index itemsize : {1, 2, 4, 8, 16}) {
      add_both(std::string("gather/") + pattern.name + "/" + std::to_string(itemsize) + " B",
               [pattern, itemsize](auto& state, Warmth warmth) { gather(state, pattern, itemsize, warmth); });
    }
  }
}

}  // namespace ndcat::bench
