// run(): the whole command line but for main(): what tests call in-process.
#pragma once

#include <functional>
#include <span>
#include <string>

#include "fs/commands/console.h"
#include "fs/exit_codes.h"
#include "fs/mount/mount.h"

namespace ndcat {

/// What mounting needs from outside, so that this library needs no FUSE: main.cc hands in fs/mount's, tests
/// their own.
struct Mounting {
  std::function<ExitCode(const MountRequest&, std::ostream& err)> mount;
  std::span<const MountOptionHelp> options;
  std::string fuse_version;
};

/// Runs the command that `words` (without the program's name) ask for. All output has been flushed, and a
/// failure to write it has been told, when this returns. Mounting may return in two processes (see
/// fs/mount/mount.h).
[[nodiscard]] ExitCode run(std::span<const std::string> words, const Mounting& mounting, Console& console);

}  // namespace ndcat
