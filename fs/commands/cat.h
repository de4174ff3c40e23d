// `ndcat cat`: the whole array to standard output, without a mount.
#pragma once

#include "fs/commands/arguments.h"
#include "fs/commands/console.h"
#include "fs/exit_codes.h"

namespace ndcat {

/// Writes to `console.out_descriptor`, in large pieces. Byte for byte what a mount shows. A reader that has
/// gone (EPIPE) ends it without a word; the exit code says that not all was written.
[[nodiscard]] ExitCode cat(const CatRequest& request, Console& console);

}  // namespace ndcat
