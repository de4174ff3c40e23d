// Loops over dense numbers, one for each pair of types. Private to the conversion.
//
// They are written once, for one element, and left to the compiler, which makes vectors of them for each
// instruction set: so all of them give the same values. The exception is in vector_loops.h.
#pragma once

#include "core/casts/cast_number.h"

namespace ndcat {

/// Inlined by force: the loop is to be compiled for the instruction set of its caller.
template <class To, class From, bool kSwapped>
[[gnu::always_inline]] inline void convert_dense(std::byte* __restrict to, const std::byte* __restrict from,
                                                 Index count) {
  for (Index i = 0; i < count; ++i) {
    store(to + i * static_cast<Index>(sizeof(To)),
          converted<To>(load<From, kSwapped>(from + i * static_cast<Index>(sizeof(From)))));
  }
}

/// For types of which there are no vectors: compiled once, as the whole program is.
struct PlainLoops {
  template <class To, class From, bool kSwapped>
  static void run(const Program&, std::byte* to, const std::byte* from, Index count) {
    convert_dense<To, From, kSwapped>(to, from, count);
  }
};

/// Pairs that vectors can do and that are common enough to compile for each instruction set.
template <class To, class From>
inline constexpr bool has_vectors = sizeof(To) <= 8 && sizeof(From) <= 8 && !is_complex<To> &&
                                    !is_complex<From>;

template <class Loops, class To, class From>
DenseKernel number_kernel(bool swapped) {
  using Best = std::conditional_t<has_vectors<To, From>, Loops, PlainLoops>;
  return swapped && sizeof(From) > 1 ? Best::template run<To, From, (sizeof(From) > 1)>
                                     : Best::template run<To, From, false>;
}

/// The kernel of `Loops` from one type to every other. `swapped`: the source's bytes are.
template <class Loops, class From>
DenseKernel kernel_from(TypeClass to, bool swapped) {
  switch (to) {
    case TypeClass::boolean:
      return number_kernel<Loops, Bool, From>(swapped);
    case TypeClass::int8:
      return number_kernel<Loops, std::int8_t, From>(swapped);
    case TypeClass::uint8:
      return number_kernel<Loops, std::uint8_t, From>(swapped);
    case TypeClass::int16:
      return number_kernel<Loops, std::int16_t, From>(swapped);
    case TypeClass::uint16:
      return number_kernel<Loops, std::uint16_t, From>(swapped);
    case TypeClass::int32:
      return number_kernel<Loops, std::int32_t, From>(swapped);
    case TypeClass::uint32:
      return number_kernel<Loops, std::uint32_t, From>(swapped);
    case TypeClass::uint64:
      return number_kernel<Loops, std::uint64_t, From>(swapped);
    case TypeClass::float16:
      return number_kernel<Loops, Half, From>(swapped);
    case TypeClass::float32:
      return number_kernel<Loops, float, From>(swapped);
    case TypeClass::float64:
      return number_kernel<Loops, double, From>(swapped);
    case TypeClass::longdouble:
      return number_kernel<Loops, long double, From>(swapped);
    case TypeClass::complex64:
      return number_kernel<Loops, Complex<float>, From>(swapped);
    case TypeClass::complex128:
      return number_kernel<Loops, Complex<double>, From>(swapped);
    case TypeClass::clongdouble:
      return number_kernel<Loops, Complex<long double>, From>(swapped);
    default:
      return number_kernel<Loops, std::int64_t, From>(swapped);  // int64 and times
  }
}

/// As kernel_from, for the types that each file of casts knows and the best instruction set.
[[nodiscard]] DenseKernel kernel_from_integer(TypeClass from, TypeClass to, bool swapped);
[[nodiscard]] DenseKernel kernel_from_float(TypeClass from, TypeClass to, bool swapped);
[[nodiscard]] DenseKernel kernel_from_complex(TypeClass from, TypeClass to, bool swapped);

}  // namespace ndcat
