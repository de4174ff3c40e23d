// Found: one array as resolution finds it. When something about it has been reported already, what is known
// of it all the same is kept, so that whatever else is wrong is found in the same run.
#pragma once

#include <optional>
#include <utility>

#include "core/algebra/array_view.h"

namespace ndcat {

/// What is known of an array. A value type.
struct Outline {
  std::optional<Shape> shape;  // an extent of -1 is not known
  std::optional<Dtype> dtype;
};

/// A value type. Exactly when there is no view, a problem has been reported.
struct Found {
  Found() = default;
  explicit Found(Outline known) : outline(std::move(known)) {}
  explicit Found(ArrayView array) : view(std::move(array)), outline{view->shape, view->dtype} {}

  std::optional<ArrayView> view;
  Outline outline;  // of the view, where there is one
};

}  // namespace ndcat
