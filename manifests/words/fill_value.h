// The values of "full" and of "missing": {"fill": ...}: from JSON to the bytes of one element, as np.full
// makes them.
//
// Stricter than NumPy in one way: what the dtype cannot hold (300 in uint8, 1.5 in an integer, a text that is
// too long, a time finer than the unit) is an error, never cut or wrapped. Decimals are rounded to the
// nearest float, as in NumPy.
#pragma once

#include <cstddef>
#include <optional>
#include <vector>

#include "core/dtypes/dtype.h"
#include "core/result.h"
#include "manifests/json/json_mistake.h"

namespace ndcat {

/// The dtype that np.full gives such a value: bool, int64, uint64, float64, or U with as many characters as
/// the text has. Error: it has none (a list, an object, null, an integer beyond 64 bits), or it looks like a
/// number or a time written as text, where a dtype must say which of them is meant.
Result<Dtype> fill_dtype(const JsonValue& value);

/// `dtype.itemsize()` bytes. Numbers, true and false; text for S and U; "nan", "inf", "-inf", decimals for
/// floats; "1+2j" for complex; ISO 8601 or "NaT" for times; for structured types a list with a value for each
/// field, or one value for all of them, as NumPy takes it. Error: what was found, and what this dtype takes.
Result<std::vector<std::byte>> fill_element(const JsonValue& value, const Dtype& dtype);
/// The same; nothing when something is wrong with it: then `mistakes` has all of it.
std::optional<std::vector<std::byte>> fill_element(const JsonValue& value, const Dtype& dtype,
                                                   JsonMistakes& mistakes);

}  // namespace ndcat
