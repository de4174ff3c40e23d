// Conversion::Program: one compiled cast, and the kernels that it is made of. Private to the conversion.
//
// A program is a kernel (a loop over elements, chosen once when it is compiled) and what the kernel needs to
// know. Programs nest: a structure's program has one part for each field, a chain's one for each step.
#pragma once

#include <memory>
#include <optional>
#include <vector>

#include "core/conversion.h"
#include "core/time_step.h"

namespace ndcat {

using Program = Conversion::Program;
using ProgramPtr = std::shared_ptr<const Program>;

/// Converts `count` elements; see Conversion::run.
using Kernel = bool (*)(const Program& program, std::byte* to, Index to_stride, const std::byte* from,
                        Index from_stride, Index count);

/// A program within a program.
struct ProgramPart {
  ProgramPtr program;
  Index from_offset = 0, to_offset = 0;  // bytes, within an element
  Index count = 1;                       // neighbours in a sub-array
};

struct Conversion::Program {
  Kernel kernel = nullptr;
  Index from_size = 0, to_size = 0;  // bytes of an element
  bool identity = false;
  bool can_fail = false;
  bool swap_from = false, swap_to = false;  // where the kernel does not know it by its type
  TimeStep from_step, to_step;
  TimeFactor factor;
  std::vector<ProgramPart> parts;

  bool run(std::byte* to, Index to_stride, const std::byte* from, Index from_stride, Index count) const {
    return kernel(*this, to, to_stride, from, from_stride, count);
  }
};

/// Compiles one cast; make() of the conversion. The compilers below each know one kind of pairs.
[[nodiscard]] Result<ProgramPtr> compile(const Dtype& from, const Dtype& to);
/// The steps one after another, through a small buffer on the stack.
[[nodiscard]] Result<ProgramPtr> compile_steps(std::vector<ProgramPtr> steps);

[[nodiscard]] ProgramPtr compile_copy(Index itemsize);
/// Reverses every `unit` bytes (2, 4, 8 or 16; 1 is a copy) of elements of `itemsize` bytes.
[[nodiscard]] ProgramPtr compile_swap(Index itemsize, Index unit);
/// The first bytes of each element, or all of them and zeros: S to S, V to V.
[[nodiscard]] ProgramPtr compile_resize(Index from_size, Index to_size);

/// Bool, integers, floats, complex; datetime64 and timedelta64 as the integers that they are. `to` is native.
[[nodiscard]] ProgramPtr compile_number(const Dtype& from, const Dtype& to);

}  // namespace ndcat
