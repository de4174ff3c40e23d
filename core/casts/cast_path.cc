// Paths of casts: what can be left out of them without changing a value, and which compiler knows each step.
#include <algorithm>

#include "core/casts/cast_program.h"
#include "core/dtypes/type_class.h"

namespace ndcat {
namespace {

bool is_text(const Dtype& dtype) { return dtype.kind() == Kind::bytes || dtype.kind() == Kind::unicode; }
bool is_time(const Dtype& dtype) { return dtype.kind() == Kind::datetime || dtype.kind() == Kind::timedelta; }
bool is_integer(const Dtype& dtype) {
  return dtype.kind() == Kind::signed_integer || dtype.kind() == Kind::unsigned_integer;
}

// Bits of the significand; a float holds all integers of so many bits.
Index significand(const Dtype& dtype) {
  switch (dtype.kind() == Kind::complex ? dtype.itemsize() / 2 : dtype.itemsize()) {
    case 2:
      return 11;
    case 4:
      return 24;
    case 8:
      return 53;
    default:
      return 64;
  }
}

// True when a -> b -> a gives the same bytes, whatever they are. Not so for float32 -> float64 -> float32,
// which changes signalling NaNs, nor for bool, of which bytes other than 0 and 1 become 1.
bool is_undone(const Dtype& a, const Dtype& b) {
  if (a.is_structured() || b.is_structured()) return false;
  const bool wider = b.itemsize() >= a.itemsize();
  if (is_integer(a) || is_time(a)) {
    if (is_time(a) && a.kind() == b.kind()) return a.time_step() == b.time_step();
    if (is_integer(b) || is_time(b)) return wider;
    if (b.kind() == Kind::floating || b.kind() == Kind::complex) return 8 * a.itemsize() <= significand(b);
    return false;
  }
  if (a.kind() == Kind::floating && b.kind() == Kind::complex) {
    return b.itemsize() == 2 * a.itemsize() && a.itemsize() <= 8;
  }
  if (a.kind() == Kind::floating && a.itemsize() == 2) {
    return b.kind() == Kind::floating && (b.itemsize() == 4 || b.itemsize() == 8);
  }
  return a.kind() == b.kind() && (is_text(a) || a.kind() == Kind::raw) && wider;
}

// True when the middle one of three can go.
bool is_needless(const Dtype& a, const Dtype& b, const Dtype& c) {
  if (a.native() == b.native() || b.native() == c.native()) return true;
  return a.native() == c.native() && is_undone(a, b);
}

void simplify(std::vector<Dtype>& path) {
  for (std::size_t i = 1; i + 1 < path.size();) {
    if (is_needless(path[i - 1], path[i], path[i + 1])) {
      path.erase(path.begin() + static_cast<std::ptrdiff_t>(i));
      i = std::max<std::size_t>(i - 1, 1);
    } else {
      ++i;
    }
  }
}

Error no_cast(const Dtype& from, const Dtype& to, const std::string& why) {
  return Error{"cannot convert " + from.name() + " to " + to.name() + ": " + why};
}

// NumPy makes V of the bytes that the value has in native order.
Result<ProgramPtr> compile_to_raw(const Dtype& from, const Dtype& to) {
  if (from.kind() == Kind::boolean) {  // always 0 or 1
    return compile_steps({compile_any_byte(1), compile_resize(1, to.itemsize())});
  }
  auto native = compile_path({from, from.native()});
  if (!native || from.itemsize() == to.itemsize()) return native;
  if (from.is_native()) return compile_resize(from.itemsize(), to.itemsize());
  return compile_steps({*native, compile_resize(from.itemsize(), to.itemsize())});
}

// A step between dtypes that are not equal and have no fields.
Result<ProgramPtr> compile_step(const Dtype& from, const Dtype& to) {
  if (from.native() == to.native()) return compile_swap(to.itemsize(), swap_unit(to));
  if (to.kind() == Kind::raw) return compile_to_raw(from, to);
  if (from.kind() == Kind::raw) {
    if (to.kind() == Kind::boolean) return compile_any_byte(from.itemsize());
    return no_cast(from, to, "NumPy has no such cast of void");
  }
  if (is_text(to)) return is_text(from) ? compile_text(from, to) : compile_to_text(from, to);
  if (is_text(from)) {
    return no_cast(
        from, to,
        "a single text that is no such value would make the file unreadable there; convert the source with "
        "NumPy's astype and save it");
  }
  if (is_time(from) && from.kind() == to.kind()) return compile_time(from, to);
  return compile_number(from, to);
}

}  // namespace

Index swap_unit(const Dtype& dtype) {
  switch (dtype.kind()) {
    case Kind::unicode:
      return 4;
    case Kind::complex:
      return dtype.itemsize() / 2;
    case Kind::bytes:
    case Kind::raw:
      return 1;
    default:
      return dtype.itemsize();
  }
}

Result<ProgramPtr> compile_path(std::vector<Dtype> path) {
  simplify(path);
  if (path.size() == 1 || (path.size() == 2 && path.front() == path.back())) {
    return compile_copy(path.front().itemsize());
  }
  if (std::ranges::any_of(path, &Dtype::is_structured)) return compile_structures(path);
  std::vector<ProgramPtr> steps;
  for (std::size_t i = 1; i < path.size(); ++i) {
    auto step = compile_step(path[i - 1], path[i]);
    if (!step) return step;
    steps.push_back(*std::move(step));
  }
  return compile_steps(std::move(steps));
}

}  // namespace ndcat
