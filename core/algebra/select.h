// SelectItem: one item of NumPy's basic indexing, as in a[3, 10:20, ..., ::-1, np.newaxis].
#pragma once

#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "core/index.h"

namespace ndcat {

struct Slice {
  std::optional<Index> start, stop, step;  // as written; step is not 0
  friend bool operator==(const Slice&, const Slice&) = default;
};
struct Ellipsis {
  friend bool operator==(const Ellipsis&, const Ellipsis&) = default;
};
struct NewAxis {
  friend bool operator==(const NewAxis&, const NewAxis&) = default;
};

/// An integer (negative counts from the end), a slice, an ellipsis or a new axis.
using SelectItem = std::variant<Index, Slice, Ellipsis, NewAxis>;
using Selection = std::vector<SelectItem>;

/// As Python writes it: "10:20, ..., ::-1, 3, newaxis".
[[nodiscard]] std::string to_string(const Selection& selection);

}  // namespace ndcat
