#include "tests/core/naive_array.h"

#include <stdexcept>

#include "core/casts/conversion.h"

namespace ndcat::testing {

namespace {

const Bytes& element_at(const NaiveArray& array, const Indices& index) {
  return array.elements[static_cast<std::size_t>(position_of(index, array.shape))];
}

/// The indices that a Python slice selects, found by walking.
std::vector<Index> walk(const Slice& slice, Index extent) {
  std::vector<Index> found;
  const Index step = slice.step.value_or(1);
  const auto begin_of = [&](Index i) { return i < 0 ? i + extent : i; };
  if (step > 0) {
    const Index start = std::max<Index>(begin_of(slice.start.value_or(0)), 0);
    const Index stop = std::min(begin_of(slice.stop.value_or(extent)), extent);
    for (Index i = start; i < stop; i += step) found.push_back(i);
  } else {
    const Index start = std::min(slice.start ? begin_of(*slice.start) : extent - 1, extent - 1);
    const Index stop = slice.stop ? std::max<Index>(begin_of(*slice.stop), -1) : -1;
    for (Index i = start; i > stop; i += step) found.push_back(i);
  }
  return found;
}

}  // namespace

Index position_of(const Indices& index, const Shape& shape) {
  Index position = 0;
  for (int axis = 0; axis < shape.size(); ++axis) position = position * shape[axis] + index[axis];
  return position;
}

NaiveArray naive_source(const Bytes& bytes, Index offset, const Dtype& dtype, const Shape& shape,
                        Order order) {
  NaiveArray array{dtype, shape, {}};
  for_each_index(shape, [&](Indices index) {
    Shape file_shape = shape;
    if (order == Order::f) {
      index.reverse();
      file_shape.reverse();
    }
    const auto begin = bytes.begin() + offset + position_of(index, file_shape) * dtype.itemsize();
    array.elements.emplace_back(begin, begin + dtype.itemsize());
  });
  return array;
}

NaiveArray naive_full(const Dtype& dtype, const Shape& shape, const Bytes& element) {
  NaiveArray array{dtype, shape, {}};
  for_each_index(shape, [&](const Indices&) { array.elements.push_back(element); });
  return array;
}

NaiveArray naive_concatenate(const std::vector<NaiveArray>& arrays, int axis, const Dtype& dtype) {
  NaiveArray result{dtype, arrays.front().shape, {}};
  result.shape[axis] = 0;
  std::vector<NaiveArray> cast;
  for (const NaiveArray& array : arrays) {
    result.shape[axis] += array.shape[axis];
    cast.push_back(naive_astype(array, dtype));
  }
  for_each_index(result.shape, [&](Indices index) {
    std::size_t which = 0;
    for (; index[axis] >= cast[which].shape[axis]; ++which) index[axis] -= cast[which].shape[axis];
    result.elements.push_back(element_at(cast[which], index));
  });
  return result;
}

NaiveArray naive_new_axis(NaiveArray array, int axis) {
  array.shape.insert(axis, 1);
  return array;
}

NaiveArray naive_select(const NaiveArray& array, const Selection& selection) {
  int named = 0;
  for (const SelectItem& item : selection) {
    named += std::holds_alternative<Index>(item) || std::holds_alternative<Slice>(item) ? 1 : 0;
  }
  NaiveArray result{array.dtype, {}, {}};
  std::vector<std::vector<Index>> chosen;  // per axis of the array
  std::vector<int> from_axis;              // per axis of the result, -1 for a new one
  const auto take_whole = [&] {
    from_axis.push_back(static_cast<int>(chosen.size()));
    chosen.push_back(walk(Slice{}, array.shape[static_cast<int>(chosen.size())]));
  };
  for (const SelectItem& item : selection) {
    const int axis = static_cast<int>(chosen.size());
    if (const Index* index = std::get_if<Index>(&item)) {
      chosen.push_back({*index < 0 ? *index + array.shape[axis] : *index});
    } else if (const Slice* slice = std::get_if<Slice>(&item)) {
      from_axis.push_back(axis);
      chosen.push_back(walk(*slice, array.shape[axis]));
    } else if (std::holds_alternative<Ellipsis>(item)) {
      for (int i = named; i < array.shape.size(); ++i) take_whole();
    } else {
      from_axis.push_back(-1);
    }
  }
  while (chosen.size() < static_cast<std::size_t>(array.shape.size())) take_whole();
  for (const int axis : from_axis) {
    result.shape.push_back(axis < 0 ? 1 : static_cast<Index>(chosen[static_cast<std::size_t>(axis)].size()));
  }
  for_each_index(result.shape, [&](const Indices& index) {
    Indices from;
    for (const auto& indices : chosen) from.push_back(indices.front());
    for (int i = 0; i < index.size(); ++i) {
      const int axis = from_axis[static_cast<std::size_t>(i)];
      if (axis >= 0) from[axis] = chosen[static_cast<std::size_t>(axis)][static_cast<std::size_t>(index[i])];
    }
    result.elements.push_back(element_at(array, from));
  });
  return result;
}

NaiveArray naive_transpose(const NaiveArray& array, const std::vector<Index>& axes) {
  NaiveArray result{array.dtype, {}, {}};
  for (const Index axis : axes) result.shape.push_back(array.shape[static_cast<int>(axis)]);
  for_each_index(result.shape, [&](const Indices& index) {
    Indices from = index;
    for (int i = 0; i < index.size(); ++i)
      from[static_cast<int>(axes[static_cast<std::size_t>(i)])] = index[i];
    result.elements.push_back(element_at(array, from));
  });
  return result;
}

NaiveArray naive_astype(NaiveArray array, const Dtype& dtype) {
  const auto conversion = Conversion::make(array.dtype, dtype);
  if (!conversion) throw std::runtime_error(conversion.error().message);
  for (Bytes& element : array.elements) {
    Bytes converted(static_cast<std::size_t>(dtype.itemsize()));
    if (!conversion->run(converted.data(), 0, element.data(), 0, 1)) throw std::runtime_error("no value");
    element = std::move(converted);
  }
  array.dtype = dtype;
  return array;
}

Bytes naive_file(const NaiveArray& array, Order order) {
  NaiveArray in_file_order = array;
  if (order == Order::f) {
    std::vector<Index> reversed;
    for (int axis = array.shape.size() - 1; axis >= 0; --axis) reversed.push_back(axis);
    in_file_order = naive_transpose(array, reversed);
  }
  Bytes bytes;
  for (const Bytes& element : in_file_order.elements)
    bytes.insert(bytes.end(), element.begin(), element.end());
  return bytes;
}

}  // namespace ndcat::testing
