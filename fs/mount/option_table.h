// The table of mount options: each that is known, what is done with it, and its line in --help.
#pragma once

#include <span>
#include <string_view>

namespace ndcat {

enum class OptionUse {
  sources,
  settle,
  cache,
  force_mechanisms,
  forbid_mechanisms,
  file_system_name,
  subtype,
  allow_others,         // goes to libfuse too
  default_permissions,  // goes to libfuse too
  auto_unmount,         // goes to libfuse too
  debug,
  clone_fd,
  direct,
  passthrough,
  read_ahead,
  max_read,  // goes to libfuse too
  threads,
  max_threads,
  max_idle_threads,
  read_only,
  read_write,
  libfuse,  // goes to libfuse, which takes it or passes it to the kernel
  ignored,  // means something to mount(8), to an init system, or to other file systems
};

struct KnownOption {
  std::string_view name;  // with "=" at the end when it has a value
  OptionUse use;
  const char* shown_as;  // in --help; null: not shown
  const char* help;
};

[[nodiscard]] std::span<const KnownOption> known_options();

}  // namespace ndcat
