#include "core/dtypes/type_class.h"

#include <algorithm>
#include <vector>

namespace ndcat {
namespace {

struct Number {
  Kind kind;
  Index itemsize;
};

constexpr Number kNumbers[] = {
    {Kind::boolean, 1},          {Kind::signed_integer, 1},   {Kind::unsigned_integer, 1},
    {Kind::signed_integer, 2},   {Kind::unsigned_integer, 2}, {Kind::signed_integer, 4},
    {Kind::unsigned_integer, 4}, {Kind::signed_integer, 8},   {Kind::unsigned_integer, 8},
    {Kind::floating, 4},         {Kind::floating, 8},         {Kind::floating, 16},
    {Kind::complex, 8},          {Kind::complex, 16},         {Kind::complex, 32}};

Number number_of(TypeClass type) {
  if (type == TypeClass::float16) return {Kind::floating, 2};
  return kNumbers[static_cast<std::size_t>(type)];
}

TypeClass class_of(Number number) {
  for (std::size_t i = 0; i < std::size(kNumbers); ++i) {
    if (kNumbers[i].kind == number.kind && kNumbers[i].itemsize == number.itemsize)
      return static_cast<TypeClass>(i);
  }
  return TypeClass::float16;
}

// The itemsize of the floating-point type that holds every value of the class (its parts, for complex).
Index floating_size(Number number) {
  switch (number.kind) {
    case Kind::boolean:
      return 2;
    case Kind::floating:
      return number.itemsize;
    case Kind::complex:
      return number.itemsize / 2;
    default:
      return std::min<Index>(number.itemsize * 2, 8);
  }
}

TypeClass common_integer(Number a, Number b) {
  if (a.kind == b.kind) return class_of({a.kind, std::max(a.itemsize, b.itemsize)});
  const Number is_signed = a.kind == Kind::signed_integer ? a : b;
  const Number is_unsigned = a.kind == Kind::signed_integer ? b : a;
  const Index itemsize = std::max(is_signed.itemsize, is_unsigned.itemsize * 2);
  if (itemsize > 8) return TypeClass::float64;
  return class_of({Kind::signed_integer, itemsize});
}

TypeClass common_number(TypeClass type_a, TypeClass type_b) {
  const Number a = number_of(type_a), b = number_of(type_b);
  if (a.kind == Kind::boolean) return type_b;
  if (b.kind == Kind::boolean) return type_a;
  const Index itemsize = std::max(floating_size(a), floating_size(b));
  if (a.kind == Kind::complex || b.kind == Kind::complex) {
    return class_of({Kind::complex, 2 * std::max<Index>(itemsize, 4)});
  }
  if (a.kind == Kind::floating || b.kind == Kind::floating) return class_of({Kind::floating, itemsize});
  return common_integer(a, b);
}

bool is_integer(TypeClass type) { return type <= TypeClass::uint64; }

// What NumPy's `asked.__common_dtype__(other)` gives; nothing is NotImplemented: the other may know better.
std::optional<TypeClass> ask(TypeClass asked, TypeClass other) {
  if (asked == other) return asked;
  switch (asked) {
    case TypeClass::unicode:
      if (other == TypeClass::bytes) return asked;
      [[fallthrough]];
    case TypeClass::bytes:
      if (is_number(other)) return asked;
      return std::nullopt;
    case TypeClass::datetime:
      if (other == TypeClass::timedelta) return asked;
      return std::nullopt;
    case TypeClass::timedelta:
      if (is_integer(other) && other != TypeClass::uint64) return asked;
      return std::nullopt;
    case TypeClass::raw:
      return std::nullopt;
    default:
      if (other > asked || !is_number(other)) return std::nullopt;
      return common_number(asked, other);
  }
}

using Slots = std::vector<std::optional<TypeClass>>;

// Brings the most knowledgeable class to the front and clears those that can no longer change the outcome.
// Gives the common class of the first two slots.
std::optional<TypeClass> sort_by_knowledge(Slots& slots) {
  std::size_t length = slots.size();
  while (true) {
    const std::size_t half = length / 2;
    std::optional<TypeClass> common;
    for (std::size_t low = 0; low < half; ++low) {
      const std::size_t high = length - 1 - low;
      // A slot is cleared only while it is the higher one of its pair, and then lies beyond the next round's
      // length.
      common = ask(*slots[low], *slots[high]);
      if (!common) std::swap(slots[low], slots[high]);
      if (common == slots[low]) slots[high].reset();
    }
    if (length == 2) return common;
    length -= half;
  }
}

}  // namespace

TypeClass type_class(const Dtype& dtype) {
  switch (dtype.kind()) {
    case Kind::bytes:
      return TypeClass::bytes;
    case Kind::unicode:
      return TypeClass::unicode;
    case Kind::raw:
      return TypeClass::raw;
    case Kind::datetime:
      return TypeClass::datetime;
    case Kind::timedelta:
      return TypeClass::timedelta;
    default:
      return class_of({dtype.kind(), dtype.itemsize()});
  }
}

Dtype number_dtype(TypeClass type) {
  const Number number = number_of(type);
  return Dtype::simple(number.kind, number.itemsize);
}

std::optional<TypeClass> common_class(TypeClass a, TypeClass b) {
  const auto common = ask(a, b);
  return common ? common : ask(b, a);
}

std::optional<TypeClass> common_class(std::span<const TypeClass> types) {
  if (types.size() == 1) return types.front();
  Slots slots(types.begin(), types.end());
  auto result = sort_by_knowledge(slots);
  const std::size_t start = result ? 2 : 1;
  for (std::size_t i = start; i < slots.size(); ++i) {
    if (!slots[i]) continue;
    const auto promoted = ask(*slots[0], *slots[i]);
    if (!promoted) return std::nullopt;
    result = result ? common_class(*result, *promoted) : promoted;
    if (!result) return std::nullopt;
  }
  return result;
}

}  // namespace ndcat
