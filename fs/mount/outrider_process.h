// The outrider's own side: the whole of what its process does.
#pragma once

#include <optional>
#include <span>

#include "fs/exit_codes.h"

namespace ndcat {

/// When `words` (the program's name and its arguments) are those of an outrider: runs its errands, which come
/// by the socket that is its standard input, until that is closed; the process ends with the result. Nothing
/// for every other command line.
[[nodiscard]] std::optional<ExitCode> run_outrider(std::span<char* const> words);

}  // namespace ndcat
