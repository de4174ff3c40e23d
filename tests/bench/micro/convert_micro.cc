// convert_block: byte swaps and casts of dense, strided and turned elements. The memcpy is of the elements'
// bytes on the side where they are larger.
#include <algorithm>
#include <cstdlib>
#include <string>
#include <vector>

#include "tests/bench/micro/against_memcpy.h"
#include "tests/bench/micro/benchmarks.h"

namespace ndcat::bench {
namespace {

struct Cast {
  std::string name;
  Dtype from, to;
};

Dtype number(char kind, Index size, ByteOrder order = ByteOrder::little) {
  return Dtype::simple(static_cast<Kind>(kind), size, order);
}

std::vector<Cast> casts() {
  const auto big = ByteOrder::big;
  return {
      {">u2 to <u2", number('u', 2, big), number('u', 2)},
      {">f4 to <f4", number('f', 4, big), number('f', 4)},
      {">f8 to <f8", number('f', 8, big), number('f', 8)},
      {">c16 to <c16", number('c', 16, big), number('c', 16)},
      {"f4 to f8", number('f', 4), number('f', 8)},
      {">f4 to <f8", number('f', 4, big), number('f', 8)},
      {"<f4 to >f8", number('f', 4), number('f', 8, big)},
      {"f8 to f4", number('f', 8), number('f', 4)},
      {"i2 to f4", number('i', 2), number('f', 4)},
      {"i2 to f8", number('i', 2), number('f', 8)},
      {"i4 to f8", number('i', 4), number('f', 8)},
      {"i8 to f8", number('i', 8), number('f', 8)},
      {"u1 to f4", number('u', 1), number('f', 4)},
      {"u1 to u2", number('u', 1), number('u', 2)},
      {"i4 to i8", number('i', 4), number('i', 8)},
      {"i8 to i4", number('i', 8), number('i', 4)},
      {"f2 to f4", number('f', 2), number('f', 4)},
      {"f4 to f2", number('f', 4), number('f', 2)},
      {"f8 to f2", number('f', 8), number('f', 2)},
      {"i4 to f2", number('i', 4), number('f', 2)},
      {"f4 to i4", number('f', 4), number('i', 4)},
      {"f8 to i2", number('f', 8), number('i', 2)},
      {"f8 to u1", number('f', 8), number('u', 1)},
      {"f4 to c8", number('f', 4), number('c', 8)},
      {"b1 to f8", number('b', 1), number('f', 8)},
  };
}

void convert(benchmark::State& state, const Cast& cast, const BlockShape& shape, Warmth warmth) {
  const auto conversion = *Conversion::make(cast.from, cast.to);
  const Index size = std::max(cast.from.itemsize(), cast.to.itemsize());
  const Index from_reach = reach(shape.extents, shape.from_strides, cast.from.itemsize());
  const Index to_reach = reach(shape.extents, shape.to_strides, cast.to.itemsize());
  NoiseSource source(warmth);
  std::vector<std::byte> to(static_cast<std::size_t>(to_reach));
  against_memcpy(state, *element_count(shape.extents) * size, warmth, [&] {
    if (!convert_block(to.data(), source.next(from_reach), shape, conversion)) std::abort();
  });
}

void add(const Cast& cast, const char* column, const BlockShape& shape) {
  add_both("convert/" + cast.name + "/" + column,
           [cast, shape](auto& state, Warmth warmth) { convert(state, cast, shape, warmth); });
}

}  // namespace

void add_convert() {
  for (const Cast& cast : casts()) {
    const Index from = cast.from.itemsize(), to = cast.to.itemsize(), count = kRequest / to;
    add(cast, "dense", {.extents = {count}, .from_strides = {from}, .to_strides = {to}});
    add(cast, "from every 2nd", {.extents = {count}, .from_strides = {2 * from}, .to_strides = {to}});
    add(cast, "to every 2nd", {.extents = {count}, .from_strides = {from}, .to_strides = {2 * to}});
    const Index columns = count / 128;
    add(cast, "transposed",
        {.extents = {128, columns}, .from_strides = {from, 1000 * from}, .to_strides = {columns * to, to}});
  }
}

}  // namespace ndcat::bench
