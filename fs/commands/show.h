// `ndcat show`: what a manifest comes to, for people or (--json) for programs.
#pragma once

#include <string>

#include "core/layout/file_layout.h"
#include "fs/commands/arguments.h"
#include "fs/commands/console.h"
#include "fs/exit_codes.h"

namespace ndcat {

[[nodiscard]] ExitCode show(const ShowRequest& request, Console& console);

/// What runs of these lengths mean to a reader of an array of `size` bytes, each element having `itemsize` of
/// them.
[[nodiscard]] std::string runs_text(const RunLengths& runs, Index itemsize, Index size);

}  // namespace ndcat
