#include "tests/bench/micro/against_memcpy.h"

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <vector>

namespace ndcat::bench {

namespace {

using Clock = std::chrono::steady_clock;

constexpr Index kNoise = Index{256} << 20;  // more than caches hold
constexpr Index kLongest = Index{64} << 20;

/// Bytes 3F, 40, BF and C0: any of them makes the exponent of an ordinary float, in any place.
const std::byte* noise() {
  static const std::vector<std::byte> bytes = [] {
    std::vector<std::byte> made(kNoise);
    std::uint64_t state = 1;
    for (Index i = 0; i < kNoise; i += 8) {
      state = state * 6364136223846793005u + 1442695040888963407u;
      const std::uint64_t random = state ^ (state >> 32);
      const std::uint64_t signs = random & 0x8080808080808080u, ones = random & 0x0101010101010101u;
      const std::uint64_t word = signs | (0x3F3F3F3F3F3F3F3Fu + ones);
      std::memcpy(&made[static_cast<std::size_t>(i)], &word, 8);
    }
    return made;
  }();
  return bytes.data();
}

/// The next `length` bytes of those that all share, so that none comes back before all others were read.
Index take(Index length) {
  static Index next = 0;
  if (next + length > kNoise) next = 0;
  const Index taken = next;
  next += length;
  return taken;
}

/// Where the same bytes again begin: on a page, as maps do, and not a power of two apart, which would have
/// them meet in few sets of a cache.
Index own_place() {
  static Index number = 0;
  constexpr Index kApart = 2053 * Index{4096};
  return number++ * kApart % (kNoise - kLongest);
}

template <class Work>
double seconds_of(Index times, Work&& work) {
  const auto begin = Clock::now();
  for (Index i = 0; i < times; ++i) {
    work();
    benchmark::ClobberMemory();
  }
  return std::chrono::duration<double>(Clock::now() - begin).count();
}

/// How often in a row, for the clock's own time not to count.
template <class Work>
Index often_enough(Work&& work) {
  constexpr double kLong = 20e-6;
  Index times = 1;
  while (seconds_of(times, work) < kLong) times *= 2;
  return times;
}

double median(std::vector<double>& values) {
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  return *middle;
}

}  // namespace

NoiseSource::NoiseSource(Warmth warmth) : warmth_(warmth), at_(own_place()) { noise(); }

const std::byte* NoiseSource::next(Index length) {
  if (length > kLongest) std::abort();
  return noise() + (warmth_ == Warmth::cache ? at_ : take(length));
}

Index reach(const Indices& extents, const Strides& strides, Index itemsize) {
  Index bytes = itemsize;
  for (int axis = 0; axis < extents.size(); ++axis) bytes += (extents[axis] - 1) * std::abs(strides[axis]);
  return bytes;
}

void add_one(const std::string& name, Warmth warmth, const Run& run) {
  const std::string whole = name + (warmth == Warmth::cache ? "/cache" : "/memory");
  benchmark::RegisterBenchmark(whole.c_str(), [run, warmth](benchmark::State& state) {
    run(state, warmth);
  })->UseManualTime();
}

void add_both(const std::string& name, const Run& run) {
  for (const Warmth warmth : {Warmth::cache, Warmth::memory}) add_one(name, warmth, run);
}

void against_memcpy(benchmark::State& state, Index bytes, Warmth warmth, FunctionRef<void()> work) {
  const auto size = static_cast<std::size_t>(bytes);
  NoiseSource from(warmth);
  std::vector<std::byte> to(size);
  const auto copy = [&] { std::memcpy(to.data(), from.next(bytes), size); };
  const Index work_times = often_enough(work), copy_times = often_enough(copy);
  std::vector<double> of_work, of_copy;
  for (auto _ : state) {
    // A B, B A: whoever comes second finds the caches and the predictors as the first has left them.
    const bool copy_first = of_work.size() % 2 == 1;
    if (copy_first) of_copy.push_back(seconds_of(copy_times, copy));
    of_work.push_back(seconds_of(work_times, work));
    if (!copy_first) of_copy.push_back(seconds_of(copy_times, copy));
    state.SetIterationTime(of_work.back());
  }
  if (of_work.empty()) return;
  const double each_copy = median(of_copy) / static_cast<double>(copy_times);
  const double each_work = median(of_work) / static_cast<double>(work_times);
  state.counters["memcpy"] = each_copy / each_work;
  state.counters["ns"] = each_work * 1e9;
}

}  // namespace ndcat::bench
