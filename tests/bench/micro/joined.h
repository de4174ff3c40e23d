// The arrays of the benchmarks that have layouts.
#pragma once

#include "core/algebra/algebra.h"

namespace ndcat::bench {

/// `sources` arrays of float64 and `shape`, joined along `axis`.
inline ArrayView joined(Index sources, const Shape& shape, Index axis) {
  const Dtype f8 = Dtype::simple(Kind::floating, 8);
  const Index size = *element_count(shape) * 8;
  std::vector<ArrayView> views;
  for (Index i = 0; i < sources; ++i) {
    views.push_back(*source_view(static_cast<SourceId>(i), size, f8, shape, Order::c, SourceOffset{0}));
  }
  return *concatenate(std::move(views), axis);
}

}  // namespace ndcat::bench
