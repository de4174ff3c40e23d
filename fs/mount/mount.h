// mount(): `ndcat mount`, from the texts of the command line to the end of the file system. The only header
// of this folder that the command line needs.
#pragma once

#include <ostream>
#include <span>
#include <string>
#include <vector>

#include "fs/exit_codes.h"

namespace ndcat {

/// Nothing is interpreted yet: paths as the user gave them, `options` the text after each -o
/// ("ro,allow_other").
struct MountRequest {
  std::string manifests;
  std::string mountpoint;
  std::vector<std::string> options;
  bool foreground = false;       // -f
  bool debug = false;            // -d, implies foreground
  bool single_threaded = false;  // -s
};

/// Mounts and serves. Everything that goes wrong before the mount answers is written to `err`, in words for a
/// person.
///
/// In the foreground it returns when the file system has ended. Otherwise it forks: the caller's process
/// returns once the mount answers (or has failed, with the same exit code as in the foreground), and the new
/// process returns at the end of the file system; both must then leave main(). So call it with one thread and
/// flush your own streams before.
[[nodiscard]] ExitCode mount(const MountRequest& request, std::ostream& err);

/// One line of `--help` about what may follow -o.
struct MountOptionHelp {
  const char* name;  // as it is written: "allow_other", "sources=DIR[:DIR...]"
  const char* text;
};

/// ndcat's own options first, then those that every FUSE file system has. Options that are accepted only
/// because fstab carries them (x-*, noauto, nofail, ...) share one line.
[[nodiscard]] std::span<const MountOptionHelp> mount_option_help();

/// "FUSE library 3.14.0", for --version.
[[nodiscard]] std::string fuse_version();

}  // namespace ndcat
