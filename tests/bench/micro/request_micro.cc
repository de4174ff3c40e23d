// read(): whole requests in order, from finding the pieces to the last byte.
#include <cstdlib>
#include <string>
#include <vector>

#include "core/reading/reader.h"
#include "tests/bench/micro/against_memcpy.h"
#include "tests/bench/micro/benchmarks.h"
#include "tests/bench/micro/joined.h"

namespace ndcat::bench {
namespace {

/// Sources that are all noise.
class NoiseBytes : public SourceBytes {
 public:
  explicit NoiseBytes(Warmth warmth) : noise_(warmth) {}
  Index longest_span(SourceId) override { return kMaxIndex; }
  const std::byte* bytes(SourceId, SourceOffset, Index length) override { return noise_.next(length); }

 private:
  NoiseSource noise_;
};

void request(benchmark::State& state, const ArrayView& view, Warmth warmth) {
  const auto layout = *FileLayout::plan(view, Order::c);
  NoiseBytes sources(warmth);
  std::vector<std::byte> to(kRequest);
  Index at = 0;
  against_memcpy(state, kRequest, warmth, [&] {
    if (!read(layout, VirtualOffset{at}, to, sources)) std::abort();
    at = at + 2 * kRequest > layout.size() ? 0 : at + kRequest;
  });
}

void add(const char* name, const ArrayView& view) {
  add_both("request/" + std::string(name) + "/128 KiB",
           [view](auto& state, Warmth warmth) { request(state, view, warmth); });
}

}  // namespace

void add_request() {
  add("one source", joined(1, {1 << 20}, 0));
  add("axis 0, 2 sources", joined(2, {1 << 20}, 0));
  add("axis 0, sources of 8 KB", joined(1024, {1000}, 0));
  add("axis 1, 24 000 + 24 000 bytes", joined(2, {1000, 3000}, 1));
  add("axis 1, 8 + 8 bytes", joined(2, {1 << 19, 1}, 1));
}

}  // namespace ndcat::bench
