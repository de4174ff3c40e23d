// The numbers among fill values (fill_value.h): JSON numbers, truth values, and floats written as text.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string_view>

#include "core/dtypes/dtype.h"
#include "core/result.h"
#include "manifests/json/json_text.h"

namespace ndcat {

/// Writes one element of a bool, integer, float, complex or time dtype to `out` (dtype.itemsize() bytes).
/// Error: `value` is of no kind that the dtype takes, or it cannot hold it.
std::optional<Error> fill_number(const JsonValue& value, const Dtype& dtype, std::span<std::byte> out);

/// True for "nan", "inf", "infinity" in any case and with any sign: floats that JSON's numbers cannot say.
[[nodiscard]] bool is_special_float(std::string_view text);

}  // namespace ndcat
