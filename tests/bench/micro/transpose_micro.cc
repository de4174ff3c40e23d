// copy_block: rows of the file that run across the columns of the source.
#include <string>
#include <vector>

#include "tests/bench/micro/against_memcpy.h"
#include "tests/bench/micro/benchmarks.h"

namespace ndcat::bench {
namespace {

/// So many rows at once of a source whose columns have `column` items.
void transpose(benchmark::State& state, Index rows, Index column, Index itemsize, Warmth warmth) {
  const Index columns = kRequest / rows / itemsize;
  const BlockShape shape{.extents = {rows, columns},
                         .from_strides = {itemsize, column * itemsize},
                         .to_strides = {columns * itemsize, itemsize}};
  const Index length = reach(shape.extents, shape.from_strides, itemsize);
  NoiseSource source(warmth);
  std::vector<std::byte> to(kRequest);
  against_memcpy(state, rows * columns * itemsize, warmth,
                 [&] { copy_block(to.data(), source.next(length), shape, itemsize); });
}

}  // namespace

void add_transpose() {
  // Columns of a power of two meet in few sets of a cache.
  for (const Index column : {1000, 1024}) {
    for (const Index rows : {16, 128, 512}) {
      for (const Index itemsize : {1, 2, 4, 8, 16}) {
        add_both("transpose/" + std::to_string(rows) + " of " + std::to_string(column) + " rows/" +
                     std::to_string(itemsize) + " B",
                 [=](auto& state, Warmth warmth) { transpose(state, rows, column, itemsize, warmth); });
      }
    }
  }
}

}  // namespace ndcat::bench
