// TypeClass: a dtype without its parameters (byte order, width, unit, fields), as NumPy's promotion sees it
// first.
#pragma once

#include <cstdint>
#include <optional>
#include <span>

#include "core/dtypes/dtype.h"

namespace ndcat {

/// In the order of NumPy's type numbers, which promotion depends on.
enum class TypeClass : std::uint8_t {
  boolean,
  int8,
  uint8,
  int16,
  uint16,
  int32,
  uint32,
  int64,
  uint64,
  float32,
  float64,
  longdouble,
  complex64,
  complex128,
  clongdouble,
  bytes,
  unicode,
  raw,
  datetime,
  timedelta,
  float16
};
inline constexpr std::size_t kTypeClasses = 21;

[[nodiscard]] TypeClass type_class(const Dtype& dtype);
[[nodiscard]] constexpr bool is_number(TypeClass type) {
  return type < TypeClass::bytes || type == TypeClass::float16;
}
/// The dtype of a class of numbers, native.
[[nodiscard]] Dtype number_dtype(TypeClass type);

/// The class that both convert to, or nothing (np.promote_types without parameters).
[[nodiscard]] std::optional<TypeClass> common_class(TypeClass a, TypeClass b);

/// The class that a whole sequence converts to. Not a left fold: int16, uint16, float32 give float32, because
/// the floating-point class is asked about each of the others (PyArray_PromoteDTypeSequence). Nothing: there
/// is none. Precondition: not empty.
[[nodiscard]] std::optional<TypeClass> common_class(std::span<const TypeClass> types);

}  // namespace ndcat
