// Dtype: a NumPy dtype as a value.
//
// Covers every dtype that np.save writes without pickling: bool, integers, floats (2, 4, 8, 16 bytes),
// complex, datetime64/timedelta64 with unit, bytes (S), unicode (U), void (V), and structured types with
// nested fields, explicit offsets, titles and sub-array fields; in both byte orders. Object dtypes cannot be
// expressed. Source of the semantics: NumPy 1.24 (dtype.descr, dtype.str, np.lib.format).
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "core/indices.h"
#include "core/result.h"

namespace ndcat {

/// NumPy's kind characters, '?' excepted: bool is 'b', as in dtype.kind.
enum class Kind : char {
  boolean = 'b',
  signed_integer = 'i',
  unsigned_integer = 'u',
  floating = 'f',
  complex = 'c',
  timedelta = 'm',
  datetime = 'M',
  bytes = 'S',
  unicode = 'U',
  raw = 'V',  // void, and every structured dtype
};

/// Where the byte order of a dtype does not matter (one-byte items, S, V) it is `little`, so that equality is
/// simple.
enum class ByteOrder : char { little = '<', big = '>' };

inline constexpr ByteOrder kNativeByteOrder =
    __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__ ? ByteOrder::little : ByteOrder::big;

/// Units of datetime64 and timedelta64, coarse to fine; `generic` is "no unit".
enum class TimeUnit : std::uint8_t {
  year,
  month,
  week,
  day,
  hour,
  minute,
  second,
  ms,
  us,
  ns,
  ps,
  fs,
  as,
  generic
};

/// e.g. 25 s in "M8[25s]". `count` is 1 for generic.
struct TimeStep {
  TimeUnit unit = TimeUnit::generic;
  std::int32_t count = 1;
  friend bool operator==(const TimeStep&, const TimeStep&) = default;
};

struct Field;

/// The largest element: NumPy keeps sizes of elements in a C int.
inline constexpr Index kMaxItemsize = 0x7FFFFFFF;

/// An immutable value; copies share the fields of structured types. Safe to read from many threads.
class Dtype {
 public:
  /// Precondition: the pair exists in NumPy (on x86-64: f 2, 4, 8, 16; c 8, 16, 32; i, u 1, 2, 4, 8; b 1) or,
  /// for S and V, itemsize >= 0; for U, itemsize >= 0 and divisible by 4. Not for m, M and structured types.
  static Dtype simple(Kind kind, Index itemsize, ByteOrder order = kNativeByteOrder);
  /// Precondition: kind is timedelta or datetime.
  static Dtype time(Kind kind, TimeStep step, ByteOrder order = kNativeByteOrder);
  /// Fields with their offsets; `itemsize` covers them all. Checked here: distinct non-empty names and
  /// titles, offsets >= 0, every field within itemsize. Overlaps are allowed, as NumPy allows them in memory
  /// (np.save does not write them: numpy_header.h refuses).
  static Result<Dtype> structured(std::vector<Field> fields, Index itemsize, bool aligned = false);
  static Dtype boolean() { return simple(Kind::boolean, 1); }

  [[nodiscard]] Kind kind() const { return kind_; }
  /// Bytes of one element, sub-arrays of fields included. May be 0 ("S0", "V0", a structure without fields).
  [[nodiscard]] Index itemsize() const { return itemsize_; }
  [[nodiscard]] ByteOrder byte_order() const { return order_; }
  /// True when no part of an element must be swapped on this machine.
  [[nodiscard]] bool is_native() const;
  [[nodiscard]] TimeStep time_step() const { return step_; }
  [[nodiscard]] bool is_structured() const { return fields_ != nullptr; }
  /// Empty unless structured. In declaration order.
  [[nodiscard]] const std::vector<Field>& fields() const;
  /// Structured types only: made with align=True (np.promote_types looks at it; == and files do not).
  [[nodiscard]] bool is_aligned() const { return aligned_; }

  /// Bytes, as NumPy's dtype.alignment on x86-64: that of the largest field for aligned structures, 1 for
  /// others and V.
  [[nodiscard]] Index alignment() const;

  /// The same type in this machine's byte order, fields included (NumPy: dtype.newbyteorder("=")).
  [[nodiscard]] Dtype native() const;

  /// dtype.str: "<f8", "|b1", "<M8[ns]", "|V12".
  [[nodiscard]] std::string typestr() const;
  /// For people, as str(np.dtype) prints it: "float64", ">f8", "datetime64[ns]", "[('a', '<f8'), ('b', '<i4',
  /// (2,))]".
  [[nodiscard]] std::string name() const;

  /// NumPy's ==: same kind, itemsize, byte order, unit, and fields (names, titles, dtypes, offsets, sub-array
  /// shapes).
  friend bool operator==(const Dtype& a, const Dtype& b);

 private:
  Dtype() = default;

  std::shared_ptr<const std::vector<Field>> fields_;
  Index itemsize_ = 0;
  TimeStep step_;
  Kind kind_ = Kind::boolean;
  ByteOrder order_ = ByteOrder::little;
  bool aligned_ = false;
};

/// One field of a structured dtype. A sub-array field has a non-empty `shape` over elements of `dtype`, in C
/// order. Where the elements of a sub-array are sub-arrays themselves, `shape` is that of all of them
/// together, and `nesting` says how it is made up: NumPy tells ('<f8', (3,)), (2,) from '<f8', (2, 3).
struct Field {
  std::string name;
  std::string title;  // empty: none
  Dtype dtype;
  Shape shape;
  Index offset = 0;      // bytes from the start of the structure
  Indices nesting = {};  // the ranks of the sub-arrays, outermost first; empty: there is at most one

  /// The shapes of the sub-arrays, outermost first; empty when there is none.
  [[nodiscard]] std::vector<Shape> levels() const;
  /// Bytes of the whole field: dtype.itemsize() times the elements of `shape` (kMaxIndex where that
  /// overflows, which Dtype::structured refuses).
  [[nodiscard]] Index size() const;
  friend bool operator==(const Field&, const Field&) = default;
};

}  // namespace ndcat
