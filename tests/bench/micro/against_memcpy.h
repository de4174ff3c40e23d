// The measure of all micro-benchmarks: memcpy of as many bytes, timed in turn with the work.
#pragma once

#include <benchmark/benchmark.h>

#include <cstddef>
#include <functional>
#include <string>

#include "core/function_ref.h"
#include "core/reading/gather.h"

namespace ndcat::bench {

/// What the kernel asks for at its usual read-ahead.
inline constexpr Index kRequest = 128 * 1024;

/// Where the bytes of sources are when they are read.
enum class Warmth {
  cache,   // always the same bytes, in the caches where they fit: what a kernel can do
  memory,  // others each time, from the memory: what it does on the page cache
};

/// Bytes to read from; not to be used by several threads. Whatever float they are taken for, of either byte
/// order, it is an ordinary one: processors and casts may be slow with others.
class NoiseSource {
 public:
  explicit NoiseSource(Warmth warmth);
  /// `length` bytes, at most 64 MiB.
  const std::byte* next(Index length);

 private:
  Warmth warmth_;
  Index at_;  // of the same bytes again
};

/// The bytes from the lowest to the highest one that the block touches.
[[nodiscard]] Index reach(const Indices& extents, const Strides& strides, Index itemsize);

using Run = std::function<void(benchmark::State&, Warmth)>;

/// Registers a benchmark: NAME/WARMTH.
void add_one(const std::string& name, Warmth warmth, const Run& run);
/// The same for each warmth.
void add_both(const std::string& name, const Run& run);

/// Runs `work` and a memcpy of `bytes` from sources as warm in turn, each as often in a turn as the clock
/// needs. The counter "memcpy" is the ratio of the medians: 1 where the work is as fast as memcpy, 0.5 where
/// it takes twice as long. The time that is reported is of a turn; of the work once, the counter "ns".
void against_memcpy(benchmark::State& state, Index bytes, Warmth warmth, FunctionRef<void()> work);

}  // namespace ndcat::bench
