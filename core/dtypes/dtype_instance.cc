#include "core/dtypes/dtype_instance.h"

#include <algorithm>

#include "core/dtypes/promotion.h"
#include "core/dtypes/python_text.h"
#include "core/dtypes/time_step.h"

namespace ndcat {
namespace {

Index round_up(Index offset, Index alignment) { return (offset + alignment - 1) / alignment * alignment; }

// Fields one after another, as np.dtype(list of fields, align=aligned) places them.
Result<Dtype> packed(std::vector<Field> fields, bool aligned) {
  Index end = 0, alignment = 1;
  for (Field& field : fields) {
    if (aligned) {
      end = round_up(end, field.dtype.alignment());
      alignment = std::max(alignment, field.dtype.alignment());
    }
    field.offset = end;
    const auto next = checked_add(end, field.size());
    if (!next || *next > kMaxItemsize)
      return Error{"the fields together exceed NumPy's largest element, 2^31 - 1 bytes"};
    end = *next;
  }
  return Dtype::structured(std::move(fields), round_up(end, alignment), aligned);
}

Index decimal_digits(Index integer_size) {
  switch (integer_size) {
    case 1:
      return 3;
    case 2:
      return 5;
    case 4:
      return 10;
    default:
      return 20;
  }
}

// The characters of the longest date of a unit, with a year of 64 bits.
Index date_width(TimeUnit unit) {
  if (unit == TimeUnit::generic) return 4;
  static constexpr Index kPart[] = {21, 3, 3, 0, 3, 3, 3,
                                    4,  3, 3, 3, 3, 3};  // what each unit adds; a week shows its day
  Index width = unit >= TimeUnit::hour ? 2 : 1;
  for (std::size_t i = 0; i <= static_cast<std::size_t>(unit); ++i) width += kPart[i];
  return width;
}

// The characters that NumPy reserves for any value of the dtype.
Index text_width(const Dtype& dtype) {
  switch (dtype.kind()) {
    case Kind::datetime:
      return date_width(dtype.time_step().unit);
    case Kind::timedelta:
      return 21;
    case Kind::boolean:
      return 5;
    case Kind::signed_integer:
      return decimal_digits(dtype.itemsize()) + 1;
    case Kind::unsigned_integer:
      return decimal_digits(dtype.itemsize());
    case Kind::floating:
      return dtype.itemsize() == 16 ? 48 : 32;
    case Kind::complex:
      return dtype.itemsize() == 32 ? 96 : 64;
    case Kind::unicode:
      return dtype.itemsize() / 4;
    default:
      return dtype.itemsize();
  }
}

Error no_promotion(const Dtype& a, const Dtype& b, const std::string& why) {
  return Error{"NumPy has no common dtype for " + a.name() + " and " + b.name() + ": " + why};
}

Error broken_in_numpy(const Dtype& dtype) {
  return Error{"the elements of the sub-array in " + dtype.name() +
               " would change their size, of which NumPy 1.24 makes a broken dtype; convert them first"};
}

Result<Dtype> common_fields(const Dtype& a, const Dtype& b) {
  const auto same_name = [](const Field& x, const Field& y) { return x.name == y.name; };
  if (!std::ranges::equal(a.fields(), b.fields(), same_name)) {
    return no_promotion(a, b, "the names of the fields differ");
  }
  std::vector<Field> fields = a.fields();
  for (std::size_t i = 0; i < fields.size(); ++i) {
    const Field& other = b.fields()[i];
    const std::string where = "field " + python_repr(other.name) + ": ";
    if (fields[i].title != other.title) return no_promotion(a, b, where + "the titles differ");
    if (fields[i].shape != other.shape || fields[i].nesting != other.nesting)
      return no_promotion(a, b, where + "the shapes of the sub-arrays differ");
    auto promoted = result_dtype(std::vector{fields[i].dtype, other.dtype});
    if (!promoted) return Error{where + promoted.error().message};
    if (!other.shape.empty() && promoted->itemsize() != fields[i].dtype.itemsize()) return broken_in_numpy(a);
    fields[i].dtype = *std::move(promoted);
  }
  return packed(std::move(fields), a.is_aligned() || b.is_aligned());
}

}  // namespace

bool is_same(const Dtype& a, const Dtype& b) {
  if (a != b || a.is_aligned() != b.is_aligned()) return false;
  return std::ranges::equal(a.fields(), b.fields(),
                            [](const Field& x, const Field& y) { return is_same(x.dtype, y.dtype); });
}

Dtype instance_of(TypeClass type, const Dtype& dtype) {
  if (type_class(dtype) == type) return dtype;
  switch (type) {
    case TypeClass::bytes:
      return Dtype::simple(Kind::bytes, text_width(dtype));
    case TypeClass::unicode:
      return Dtype::simple(Kind::unicode, 4 * text_width(dtype));
    case TypeClass::raw:
      return Dtype::simple(Kind::raw, dtype.itemsize());
    case TypeClass::datetime:
      return Dtype::time(Kind::datetime, dtype.time_step());
    default:
      return Dtype::time(Kind::timedelta, dtype.time_step());
  }
}

Result<Dtype> canonical(const Dtype& dtype) {
  if (!dtype.is_structured()) return dtype.native();
  std::vector<Field> fields = dtype.fields();
  for (Field& field : fields) {
    auto inner = canonical(field.dtype);
    if (!inner) return inner;
    if (!field.shape.empty() && inner->itemsize() != field.dtype.itemsize()) return broken_in_numpy(dtype);
    field.dtype = *std::move(inner);
  }
  return packed(std::move(fields), dtype.is_aligned());
}

Result<Dtype> common_instance(const Dtype& a, const Dtype& b) {
  switch (a.kind()) {
    case Kind::bytes:
    case Kind::unicode:
      return (a.itemsize() >= b.itemsize() ? a : b).native();
    case Kind::datetime:
    case Kind::timedelta: {
      const bool strict = a.kind() == Kind::timedelta;
      const auto step = common_step(a.time_step(), strict, b.time_step(), strict);
      if (!step) return no_promotion(a, b, step.error().message);
      return Dtype::time(a.kind(), *step);
    }
    default:
      break;
  }
  if (a.is_structured() && b.is_structured()) return common_fields(a, b);
  if (a.is_structured() || b.is_structured()) return no_promotion(a, b, "only one of them has fields");
  if (a.itemsize() != b.itemsize()) return no_promotion(a, b, "void dtypes of different lengths");
  return a;
}

Dtype fitted(const Dtype& wanted, const Dtype& from) {
  const bool is_time = wanted.kind() == Kind::datetime || wanted.kind() == Kind::timedelta;
  const bool no_unit = is_time && wanted.time_step().unit == TimeUnit::generic;
  const bool no_width = wanted.itemsize() == 0 && !wanted.is_structured();
  return no_unit || no_width ? instance_of(type_class(wanted), from) : wanted;
}

bool is_same_kind(const Dtype& from, const Dtype& to) {
  if (to.kind() == Kind::datetime && from.kind() != Kind::datetime) return false;
  return std::ranges::equal(from.fields(), to.fields(),
                            [](const Field& x, const Field& y) { return is_same_kind(x.dtype, y.dtype); });
}

}  // namespace ndcat
