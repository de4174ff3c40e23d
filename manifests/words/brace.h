// Brace expansion as bash does it: one pattern to the names it stands for. Pure, thread-safe.
//
// {a,b} is each of its items; {1..12}, {000..119}, {a..e} and {0..90..10} count, keeping zeros in front;
// braces nest and several multiply. As in bash, braces without a comma or range ("{a}", "{}") and lone ones
// stay as they are, and a backslash takes the meaning from the next character (it is kept: what comes after,
// glob.h, reads it again).
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/result.h"

namespace ndcat {

inline constexpr std::size_t kMaxExpandedNames = 1'000'000;

/// The names in bash's order, duplicates kept. Error: more than kMaxExpandedNames of them, more than 256 MiB
/// of text, or braces nested deeper than 100.
Result<std::vector<std::string>> expand_braces(std::string_view pattern);

/// True when `pattern` holds braces that expand_braces() would expand.
[[nodiscard]] bool has_braces(std::string_view pattern);

}  // namespace ndcat
