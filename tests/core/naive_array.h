// NaiveArray: the reference. An array in memory, with the language's operations done element by element and
// nothing else.
#pragma once

#include <optional>
#include <random>
#include <vector>

#include "core/algebra/array_view.h"
#include "core/algebra/select.h"
#include "tests/core/memory_sources.h"

namespace ndcat::testing {

struct NaiveArray {
  Dtype dtype;
  Shape shape;
  std::vector<Bytes> elements;  // in C order
};

/// Calls visit(index) for every index of an array of this shape, in C order.
template <class Visit>
void for_each_index(const Shape& shape, Visit visit) {
  for (const Index extent : shape) {
    if (extent == 0) return;
  }
  Indices index = Indices::filled(shape.size(), 0);
  for (;;) {
    visit(index);
    int axis = shape.size() - 1;
    for (; axis >= 0 && ++index[axis] == shape[axis]; --axis) index[axis] = 0;
    if (axis < 0) return;
  }
}

/// The position of `index` in C order.
Index position_of(const Indices& index, const Shape& shape);

/// The array of `shape` that lies in `bytes` from `offset` on.
NaiveArray naive_source(const Bytes& bytes, Index offset, const Dtype& dtype, const Shape& shape,
                        Order order);
NaiveArray naive_full(const Dtype& dtype, const Shape& shape, const Bytes& element);
NaiveArray naive_concatenate(const std::vector<NaiveArray>& arrays, int axis, const Dtype& dtype);
NaiveArray naive_new_axis(NaiveArray array, int axis);
NaiveArray naive_select(const NaiveArray& array, const Selection& selection);
NaiveArray naive_transpose(const NaiveArray& array, const std::vector<Index>& axes);
NaiveArray naive_astype(NaiveArray array, const Dtype& dtype);

/// All bytes of the array in a file of that order.
Bytes naive_file(const NaiveArray& array, Order order);

}  // namespace ndcat::testing
