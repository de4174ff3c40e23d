// Dtypes as users and NumPy write them: names, typestrings, and lists of fields.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "core/dtypes/dtype.h"
#include "core/result.h"
#include "manifests/json/json_mistake.h"

namespace ndcat {

struct PythonLiteral;

/// Any string that np.dtype() takes for a dtype without objects: "float64", "f8", "<f8", "int", "bool",
/// "datetime64[25s]", "M8[ns]", "S10", "U", "V4", "longdouble", "half", "i4,f8", "(2,3)f8" inside structures,
/// ... Error: what is wrong, with a suggestion where one is near.
Result<Dtype> parse_dtype(std::string_view text);

/// A dtype in JSON: a string, or a list of fields [name, dtype] or [name, dtype, shape], name being a string
/// or [title, name]; or NumPy's dictionary form {"names", "formats", "offsets", "titles", "itemsize",
/// "aligned"}, in which a sub-array among the formats is [dtype, shape]. Error: with the names of the fields
/// that lead to it.
Result<Dtype> parse_dtype(const JsonValue& value);
/// The same; nothing when something is wrong with it: then `mistakes` has all of it.
std::optional<Dtype> parse_dtype(const JsonValue& value, JsonMistakes& mistakes);

/// A dtype as the "descr" of a NumPy header. Padding fields ('', '|V4') become gaps, as np.load makes them.
Result<Dtype> parse_dtype(const PythonLiteral& descr);

/// The "descr" of a NumPy header, as repr() prints it: "'<f8'", "[('a', '<f8'), ('', '|V4')]".
/// Error: overlapping or out-of-order fields.
Result<std::string> numpy_descr(const Dtype& dtype);

/// The dtype as JSON text that parse_dtype(JsonValue) gives back: "\"<f8\"" or a list of fields (or the
/// dictionary form when there are gaps or overlaps).
[[nodiscard]] std::string dtype_to_json(const Dtype& dtype);

}  // namespace ndcat
