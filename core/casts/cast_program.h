// Conversion::Program: one compiled cast, and the compilers of its kinds. Private to the conversion.
//
// A program is a kernel (a loop over elements, chosen once when it is compiled) and what the kernel needs to
// know. Programs nest: a structure's program has parts for each field, a sequence of casts one for each step.
#pragma once

#include <memory>
#include <span>
#include <vector>

#include "core/casts/conversion.h"
#include "core/dtypes/time_step.h"

namespace ndcat {

using Program = Conversion::Program;
using ProgramPtr = std::shared_ptr<const Program>;

/// Converts `count` elements; see Conversion::run.
using Kernel = bool (*)(const Program& program, std::byte* to, Index to_stride, const std::byte* from,
                        Index from_stride, Index count);

/// Converts `count` elements that are neighbours on both sides. Cannot fail.
using DenseKernel = void (*)(const Program& program, std::byte* to, const std::byte* from, Index count);

/// A program within a program: what it does inside of each element.
struct ProgramPart {
  ProgramPtr program;
  Index from_offset = 0, to_offset = 0;  // bytes, within an element
  Index count = 1;                       // neighbours in a sub-array, dense in the target
  Index from_step = 0;                   // bytes between them in the source; 0: the same one again and again
};

struct Conversion::Program {
  Kernel kernel = nullptr;
  DenseKernel dense = nullptr;       // of dense_program()
  Index from_size = 0, to_size = 0;  // bytes of an element
  bool identity = false;
  bool can_fail = false;
  // What kernels know by these rather than by their type:
  bool swap_from = false, swap_to = false;
  bool to_unicode = false;
  bool has_padding = false;  // of structures: some of the target's bytes belong to no part
  TimeStep from_step, to_step;
  TimeFactor factor;
  std::vector<ProgramPart> parts;

  bool run(std::byte* to, Index to_stride, const std::byte* from, Index from_stride, Index count) const {
    return kernel(*this, to, to_stride, from, from_stride, count);
  }
};

/// The casts path[0] -> path[1] -> ... in turn. Errors as of Conversion::make. Precondition: not empty.
[[nodiscard]] Result<ProgramPtr> compile_path(std::vector<Dtype> path);

/// Programs one after another, through a small buffer on the stack. Error: an element between two of them is
/// too large.
[[nodiscard]] Result<ProgramPtr> compile_steps(std::vector<ProgramPtr> steps);

/// The program of a kernel that knows dense elements only.
[[nodiscard]] Program dense_program(DenseKernel kernel, Index from_size, Index to_size);

[[nodiscard]] ProgramPtr compile_copy(Index itemsize);
/// Reverses every `unit` bytes (2, 4, 8 or 16; 1 is a copy) of elements of `itemsize` bytes.
[[nodiscard]] ProgramPtr compile_swap(Index itemsize, Index unit);
/// The first bytes of each element, or all of them and zeros: S to S, V to V.
[[nodiscard]] ProgramPtr compile_resize(Index from_size, Index to_size);
/// True where any byte is not zero: V to bool.
[[nodiscard]] ProgramPtr compile_any_byte(Index from_size);

/// Bool, integers, floats, complex; datetime64 and timedelta64 as the integers that they are.
[[nodiscard]] Result<ProgramPtr> compile_number(const Dtype& from, const Dtype& to);
/// datetime64 to datetime64, timedelta64 to timedelta64. Error: the units do not convert.
[[nodiscard]] Result<ProgramPtr> compile_time(const Dtype& from, const Dtype& to);
/// S and U to S and U.
[[nodiscard]] ProgramPtr compile_text(const Dtype& from, const Dtype& to);
/// Anything but V and text to S and U.
[[nodiscard]] ProgramPtr compile_to_text(const Dtype& from, const Dtype& to);
/// The casts in turn, where the first or the second dtype has fields. Precondition: path.size() >= 2.
[[nodiscard]] Result<ProgramPtr> compile_structures(const std::vector<Dtype>& path);

/// Bytes that a change of byte order reverses together; 1: none.
[[nodiscard]] Index swap_unit(const Dtype& dtype);

}  // namespace ndcat
