// Small array views for tests of single operations.
#pragma once

#include <gtest/gtest.h>

#include "core/algebra/algebra.h"

namespace ndcat::testing {

inline const Dtype kF8 = Dtype::simple(Kind::floating, 8);
inline const Dtype kI4 = Dtype::simple(Kind::signed_integer, 4);
inline const Dtype kU1 = Dtype::simple(Kind::unsigned_integer, 1);

/// A source of just the right size.
inline ArrayView array(const Shape& shape, const Dtype& dtype = kF8, Order order = Order::c,
                       SourceId source = 0) {
  auto view =
      source_view(source, *element_count(shape) * dtype.itemsize(), dtype, shape, order, SourceOffset{0});
  EXPECT_TRUE(view.ok()) << view.error().message;
  return *std::move(view);
}

/// The message of a failure, or what stands for none.
template <class T>
std::string message_of(const Result<T>& result) {
  return result.ok() ? "(no error)" : result.error().message;
}
inline std::string message_of(const std::optional<Error>& error) {
  return error ? error->message : "(no error)";
}

}  // namespace ndcat::testing
