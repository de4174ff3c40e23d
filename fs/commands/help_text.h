// What --help and `ndcat help` print: the tables of command_texts.h laid out for a terminal. Pure functions.
#pragma once

#include <string>

#include "fs/commands/command_texts.h"
#include "fs/mount/mount.h"

namespace ndcat {

/// Whether headings may be set off with terminal colours.
enum class Styling : bool { plain, coloured };

/// `ndcat --help`: usage of every command, a first example, options, exit statuses. At most 80 columns wide
/// where the words allow it; ends with a newline.
[[nodiscard]] std::string general_help(Styling styling);
/// `ndcat help COMMAND`; `mount_options` is what may follow -o.
[[nodiscard]] std::string command_help(const CommandText& command,
                                       std::span<const MountOptionHelp> mount_options, Styling styling);

/// "-f, --foreground", "--sources DIR[:DIR...]": an option as people read it, here and in the manual.
[[nodiscard]] std::string shown_option(const OptionText& option);

}  // namespace ndcat
