#include "core/writing/atoms.h"

#include <cstdint>

namespace ndcat {
namespace {

Index size_of(const Dtype& dtype) {
  if (dtype.is_structured()) return 0;
  return dtype.kind() == Kind::raw ? 1 : dtype.itemsize();
}

/// In one element; of fields that share a byte the first counts.
Index end_in(const Dtype& dtype, Index at) {
  if (!dtype.is_structured()) return dtype.kind() == Kind::raw ? at + 1 : dtype.itemsize();
  for (const Field& field : dtype.fields()) {
    const Index from_field = at - field.offset;
    if (from_field < 0 || from_field >= field.size()) continue;
    const Index in_item = from_field % field.dtype.itemsize();
    return at - in_item + end_in(field.dtype, in_item);
  }
  return at + 1;
}

}  // namespace

Atoms::Atoms(const Dtype& dtype)
    : dtype_(&dtype),
      size_(size_of(dtype)),
      is_power_of_two_(std::has_single_bit(static_cast<std::uint64_t>(size_))) {}

Index Atoms::within_element(Index at) const {
  const Index in_element = at % dtype_->itemsize();
  return at - in_element + end_in(*dtype_, in_element);
}

}  // namespace ndcat
