// Numbers and times to S and U: str() of the value, cut at the target's width or padded with zeros.
#include <algorithm>

#include "core/casts/number_text.h"

namespace ndcat {
namespace {

void store_text(std::byte* to, std::string_view text, const Program& program) {
  std::memset(to, 0, static_cast<std::size_t>(program.to_size));
  if (!program.to_unicode) {
    std::memcpy(to, text.data(), std::min(text.size(), static_cast<std::size_t>(program.to_size)));
    return;
  }
  const auto width = std::min(text.size(), static_cast<std::size_t>(program.to_size / 4));
  for (std::size_t i = 0; i < width; ++i) {
    auto character = static_cast<std::uint32_t>(static_cast<unsigned char>(text[i]));
    if (program.swap_to) character = swapped(character);
    std::memcpy(to + 4 * i, &character, 4);
  }
}

template <class T>
T load_number(const std::byte* from, const Program& program) {
  return program.swap_from ? load<T, true>(from) : load<T, false>(from);
}

template <class From>
bool print_numbers(const Program& program, std::byte* to, Index to_stride, const std::byte* from,
                   Index from_stride, Index count) {
  for (Index i = 0; i < count; ++i) {
    ShortText text;
    append_text(text, load_number<From>(from + i * from_stride, program));
    store_text(to + i * to_stride, text.view(), program);
  }
  return true;
}

bool print_timedeltas(const Program& program, std::byte* to, Index to_stride, const std::byte* from,
                      Index from_stride, Index count) {
  for (Index i = 0; i < count; ++i) {
    ShortText text;
    append_timedelta(text, load_number<std::int64_t>(from + i * from_stride, program), program.from_step);
    text.truncate(21);  // NumPy's width of timedeltas, into whatever else they then go
    store_text(to + i * to_stride, text.view(), program);
  }
  return true;
}

// NumPy does not cut dates but raises an exception when they are too long.
bool print_datetimes(const Program& program, std::byte* to, Index to_stride, const std::byte* from,
                     Index from_stride, Index count) {
  const auto width = static_cast<std::size_t>(program.to_unicode ? program.to_size / 4 : program.to_size);
  for (Index i = 0; i < count; ++i) {
    ShortText text;
    const auto value = load_number<std::int64_t>(from + i * from_stride, program);
    if (!append_datetime(text, value, program.from_step)) return false;
    if (text.view().size() > width) return false;
    // NumPy 1.24 loses the last digit of a year that fills the width.
    if (program.from_step.unit == TimeUnit::year && text.view().size() == width && text.view() != "NaT") {
      text.truncate(width - 1);
    }
    store_text(to + i * to_stride, text.view(), program);
  }
  return true;
}

Kernel print_kernel(TypeClass from) {
  switch (from) {
    case TypeClass::boolean:
      return print_numbers<Bool>;
    case TypeClass::int8:
      return print_numbers<std::int8_t>;
    case TypeClass::uint8:
      return print_numbers<std::uint8_t>;
    case TypeClass::int16:
      return print_numbers<std::int16_t>;
    case TypeClass::uint16:
      return print_numbers<std::uint16_t>;
    case TypeClass::int32:
      return print_numbers<std::int32_t>;
    case TypeClass::uint32:
      return print_numbers<std::uint32_t>;
    case TypeClass::int64:
      return print_numbers<std::int64_t>;
    case TypeClass::uint64:
      return print_numbers<std::uint64_t>;
    case TypeClass::float16:
      return print_numbers<Half>;
    case TypeClass::float32:
      return print_numbers<float>;
    case TypeClass::float64:
      return print_numbers<double>;
    case TypeClass::longdouble:
      return print_numbers<long double>;
    case TypeClass::complex64:
      return print_numbers<Complex<float>>;
    case TypeClass::complex128:
      return print_numbers<Complex<double>>;
    case TypeClass::clongdouble:
      return print_numbers<Complex<long double>>;
    case TypeClass::timedelta:
      return print_timedeltas;
    default:
      return print_datetimes;
  }
}

}  // namespace

ProgramPtr compile_to_text(const Dtype& from, const Dtype& to) {
  Program program;
  program.kernel = print_kernel(type_class(from));
  program.from_size = from.itemsize();
  program.to_size = to.itemsize();
  program.from_step = from.time_step();
  program.swap_from = !from.is_native();
  program.swap_to = !to.is_native();
  program.to_unicode = to.kind() == Kind::unicode;
  program.can_fail = from.kind() == Kind::datetime;
  return std::make_shared<const Program>(std::move(program));
}

}  // namespace ndcat
