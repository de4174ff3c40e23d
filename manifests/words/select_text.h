// The text of "select": "10:20, ..., ::-1, 3, newaxis".
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "core/algebra/select.h"
#include "core/result.h"

namespace ndcat {

/// Accepts what Python accepts between the brackets of a basic index: integers (with sign and underscores),
/// slices, `...`, `newaxis`, `np.newaxis`, `None`, spaces, one trailing comma. Error: the position in the
/// text, what was found and what was expected.
Result<Selection> parse_selection(std::string_view text);

/// The same; nothing when something is wrong with it: then `errors` says it of every item.
std::optional<Selection> parse_selection(std::string_view text, std::vector<Error>& errors);

}  // namespace ndcat
