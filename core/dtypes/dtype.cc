#include "core/dtypes/dtype.h"

#include <algorithm>
#include <functional>
#include <string_view>
#include <unordered_set>

#include "core/dtypes/python_text.h"

namespace ndcat {
namespace {

bool has_byte_order(Kind kind, Index itemsize) {
  return kind != Kind::bytes && kind != Kind::raw && (itemsize > 1 || kind == Kind::unicode);
}

}  // namespace

Dtype Dtype::simple(Kind kind, Index itemsize, ByteOrder order) {
  Dtype result;
  result.kind_ = kind;
  result.itemsize_ = itemsize;
  result.order_ = has_byte_order(kind, itemsize) ? order : ByteOrder::little;
  return result;
}

Dtype Dtype::time(Kind kind, TimeStep step, ByteOrder order) {
  Dtype result = simple(kind, 8, order);
  result.step_ = step;
  return result;
}

Result<Dtype> Dtype::structured(std::vector<Field> fields, Index itemsize, bool aligned) {
  if (itemsize < 0 || itemsize > kMaxItemsize) {
    return Error{"an element of " + std::to_string(itemsize) + " bytes: NumPy's elements have at most " +
                 std::to_string(kMaxItemsize)};
  }
  std::unordered_set<std::string_view> names;
  for (const Field& field : fields) {
    if (field.name.empty()) return Error{"a field has an empty name"};
    for (const std::string& name : {std::cref(field.name), std::cref(field.title)}) {
      if (!name.empty() && !names.insert(name).second) {
        return Error{"the name or title " + python_repr(name) + " occurs more than once among the fields"};
      }
    }
    const auto end = checked_add(field.offset, field.size());
    if (field.offset < 0 || !end || *end > itemsize) {
      return Error{"field " + python_repr(field.name) + " (offset " + std::to_string(field.offset) + ", " +
                   field.dtype.name() + ") does not lie within the " + std::to_string(itemsize) +
                   " bytes of the structure"};
    }
  }
  Dtype result = simple(Kind::raw, itemsize);
  result.fields_ = std::make_shared<const std::vector<Field>>(std::move(fields));
  result.aligned_ = aligned;
  return result;
}

const std::vector<Field>& Dtype::fields() const {
  static const std::vector<Field> none;
  return fields_ ? *fields_ : none;
}

bool Dtype::is_native() const {
  if (!fields_) return !has_byte_order(kind_, itemsize_) || order_ == kNativeByteOrder;
  for (const Field& field : *fields_) {
    if (!field.dtype.is_native()) return false;
  }
  return true;
}

Dtype Dtype::native() const {
  if (is_native()) return *this;
  Dtype result = *this;
  if (!fields_) {
    result.order_ = kNativeByteOrder;
    return result;
  }
  std::vector<Field> fields = *fields_;
  for (Field& field : fields) field.dtype = field.dtype.native();
  result.fields_ = std::make_shared<const std::vector<Field>>(std::move(fields));
  return result;
}

Index Dtype::alignment() const {
  switch (kind_) {
    case Kind::bytes:
    case Kind::boolean:
      return 1;
    case Kind::unicode:
      return 4;
    case Kind::complex:
      return itemsize_ / 2;
    case Kind::raw:
      break;
    default:
      return itemsize_;
  }
  Index alignment = 1;
  if (aligned_) {
    for (const Field& field : fields()) alignment = std::max(alignment, field.dtype.alignment());
  }
  return alignment;
}

bool operator==(const Dtype& a, const Dtype& b) {
  if (a.kind_ != b.kind_ || a.itemsize_ != b.itemsize_ || a.order_ != b.order_ || a.step_ != b.step_)
    return false;
  if (a.fields_ == b.fields_) return true;
  return a.fields_ && b.fields_ && *a.fields_ == *b.fields_;
}

std::vector<Shape> Field::levels() const {
  if (nesting.empty()) return shape.empty() ? std::vector<Shape>() : std::vector{shape};
  std::vector<Shape> shapes;
  std::span<const Index> rest(shape.begin(), shape.end());
  for (const Index rank : nesting) {
    shapes.emplace_back(rest.first(static_cast<std::size_t>(rank)));
    rest = rest.subspan(static_cast<std::size_t>(rank));
  }
  return shapes;
}

Index Field::size() const {
  const auto count = element_count(shape);
  const auto size = count ? checked_multiply(dtype.itemsize(), *count) : std::nullopt;
  return size.value_or(kMaxIndex);
}

}  // namespace ndcat
