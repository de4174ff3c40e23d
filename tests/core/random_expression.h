// RandomExpression: the same random expression as an array view over sources and as a naive array.
#pragma once

#include <cstdint>
#include <random>
#include <span>
#include <string>

#include "core/layout/file_layout.h"
#include "tests/core/naive_array.h"

namespace ndcat::testing {

/// The seed of this run: NDCAT_SEED, or a new one. Printed once, so that a failure can be replayed.
std::uint64_t seed_of_run();

class Random {
 public:
  explicit Random(std::uint64_t seed) : engine_(seed) {}
  /// Choices as a fuzzer made them: two bytes for each as long as they last, then those of a fixed seed.
  /// `choices` must outlive this.
  explicit Random(std::span<const std::uint8_t> choices) : choices_(choices) {}
  /// In [low, high]; uniform where a seed decides.
  Index between(Index low, Index high) {
    if (choices_.size() < 2) return std::uniform_int_distribution<Index>(low, high)(engine_);
    const Index choice = choices_[0] + 256 * choices_[1];
    choices_ = choices_.subspan(2);
    return low + choice % (high - low + 1);
  }
  bool one_in(Index n) { return between(1, n) == 1; }

 private:
  std::span<const std::uint8_t> choices_;
  std::mt19937_64 engine_;
};

struct Expression {
  ArrayView view;
  NaiveArray naive;
  std::string text;  // as one would write it in Python, nearly
};

/// Makes expressions of a given shape over sources that it adds to `sources`.
class RandomExpressions {
 public:
  RandomExpressions(Random& random, MemorySources& sources) : random_(random), sources_(sources) {}

  /// A shape of up to `elements` elements, extents of 0 and 1 among them.
  Shape shape(int max_rank, Index elements);
  /// Chooses the dtypes that the following expressions mix: any two of them promote.
  void choose_family();
  /// `depth` operations deep at most.
  Expression of_shape(const Shape& shape, int depth);

 private:
  Dtype dtype();
  Bytes element(const Dtype& dtype);
  Expression source(const Shape& shape);
  Expression full(const Shape& shape);
  Expression concatenation(const Shape& shape, int depth);
  Expression stacking(const Shape& shape, int depth);
  Expression selection(const Shape& shape, int depth);
  Expression transposition(const Shape& shape, int depth);
  Expression cast(const Shape& shape, int depth);

  Random& random_;
  MemorySources& sources_;
  int family_ = 0;
};

/// Reads [begin, begin + length) in one go. Fails the test when the read fails.
Bytes read_bytes(const FileLayout& layout, MemorySources& sources, Index begin, Index length);

}  // namespace ndcat::testing
