// Names of files as messages show them.
#pragma once

#include <string>
#include <string_view>

namespace ndcat {

/// `name` with control characters and bytes that are not UTF-8 written as "\x0a"; a terminal or a text file
/// can take it.
[[nodiscard]] std::string printable_name(std::string_view name);

}  // namespace ndcat
