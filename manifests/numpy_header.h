// NumPy's .npy header (format versions 1.0, 2.0, 3.0), as pure functions over bytes.
// Source: the NumPy enhancement proposal 1 and numpy/lib/format.py.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "core/dtypes/dtype.h"
#include "core/indices.h"
#include "core/order.h"
#include "core/result.h"

namespace ndcat {

struct NumpyHeader {
  Dtype dtype;
  Shape shape;
  Order order = Order::c;
  Index length = 0;  // bytes of the whole header, magic included: where the array begins
};

/// True when the bytes begin with NumPy's magic "\x93NUMPY".
[[nodiscard]] bool has_numpy_magic(std::string_view head);

/// Bytes that must be at hand to parse the header, from its first 12 bytes; an Error when the version is
/// unknown, the head is cut short or the header claims more than 1 MiB.
Result<Index> numpy_header_length(std::string_view head);

/// Parses a complete header with a real parser of Python literals (never an evaluator). Errors say what was
/// found at which byte. Refuses object dtypes: pickles are never read.
Result<NumpyHeader> parse_numpy_header(std::string_view header);

/// The header that np.save writes for an array in this order, byte for byte, growth room included;
/// version 1.0, 2.0 where the text exceeds 65 535 bytes, 3.0 where a field name is not latin-1. Error:
/// np.save's refusals (overlapping or out-of-order fields).
Result<std::string> write_numpy_header(const Dtype& dtype, const Shape& shape, Order order);

/// A header of the same length that says the same but for the extent along which the file grows at its end;
/// nothing when there is no room for so many digits, or no such axis. Precondition: parse_numpy_header()
/// takes `header`.
std::optional<std::string> grown_numpy_header(std::string_view header, Index extent);

/// Whether `after` says the same as `before`, or more rows. Both are whole headers; false for what is none.
[[nodiscard]] bool has_grown(std::string_view before, std::string_view after);

/// How long an array is along the axis along which its file grows at its end: the slowest.
/// Precondition: it has an axis.
[[nodiscard]] Index& slowest_extent(NumpyHeader& header);

}  // namespace ndcat
