// Reading the first bytes of an open file.
#pragma once

#include <optional>
#include <string>

#include "core/index.h"

namespace ndcat {

/// At most `length` bytes from the start; fewer only where the file ends. Nothing on an error; then errno
/// says which.
[[nodiscard]] std::optional<std::string> read_start(int fd, Index length);

}  // namespace ndcat
