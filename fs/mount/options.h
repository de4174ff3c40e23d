// The options of a mount: what follows -o, from the user or from fstab.
#pragma once

#include <chrono>
#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "core/result.h"
#include "fs/files/mechanisms.h"

namespace ndcat {

struct MountOptions {
  std::vector<std::string> for_libfuse;  // as they were written, escapes of commas and backslashes included
  std::optional<std::string> file_system_name, subtype;  // fsname=, subtype=: raw text, escapes resolved
  std::vector<std::string> sources;                      // sources=, as written
  std::chrono::nanoseconds settle = std::chrono::seconds(60);
  std::size_t cache = std::size_t{48} << 20;  // bytes, of panels and read buffers together
  bool writable = false;                      // rw
  Mechanisms mechanisms;                      // force=, without=
  bool allows_others = false;                 // allow_other or allow_root
  bool default_permissions = false;
  bool auto_unmount = false;
  bool debug = false;
  bool clone_fd = false;
  std::optional<std::size_t> read_ahead;  // bytes, of the kernel; nothing: left as it is
  bool direct = false;                    // reads go past the kernel's page cache
  bool passthrough = false;               // files that are one source are read by the kernel itself
  int max_read = 0;                       // bytes; 0: not said. Stands in for_libfuse, too
  std::optional<int> threads;             // reads that are worked on at once; nothing: no limit
  int max_threads = 256;
  int max_idle_threads = 16;
};

/// `texts` are the texts after each -o: options separated by commas, where "\," is a comma and "\\" a
/// backslash within an option. Error: an unknown option, with the nearest known one, or a value that cannot
/// be.
Result<MountOptions> parse_mount_options(const std::vector<std::string>& texts);

/// `text` as one option's value for libfuse: commas and backslashes escaped.
[[nodiscard]] std::string escape_option(const std::string& text);

}  // namespace ndcat
