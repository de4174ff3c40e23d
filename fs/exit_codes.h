// The exit codes of ndcat: the one table; `ndcat --help` and the man page print it from here.
#pragma once

#include <array>

namespace ndcat {

enum class ExitCode : int {
  ok = 0,
  problems = 1,
  usage = 2,
  input_output = 3,
  mount = 4,
  internal = 5,
};

struct ExitCodeHelp {
  ExitCode code;
  const char* meaning;
};

inline constexpr std::array kExitCodes = {
    ExitCodeHelp{ExitCode::ok, "done; of a mount: it answers, or it has ended cleanly"},
    ExitCodeHelp{ExitCode::problems, "at least one manifest has problems; they are printed"},
    ExitCodeHelp{ExitCode::usage, "the command line is wrong: unknown command or option, missing argument"},
    ExitCodeHelp{ExitCode::input_output, "a file or folder could not be read or written"},
    ExitCodeHelp{ExitCode::mount,
                 "the mount could not be made: mount point, /dev/fuse, fusermount3, permissions"},
    ExitCodeHelp{ExitCode::internal, "a limit of the system or an error of ndcat itself"},
};

/// What main() returns.
[[nodiscard]] constexpr int to_int(ExitCode code) { return static_cast<int>(code); }

}  // namespace ndcat
