// Shell completions, made from the tables of command_texts.h. Pure functions.
#pragma once

#include <span>
#include <string>

#include "fs/mount/mount.h"

namespace ndcat {

[[nodiscard]] std::string bash_completion(std::span<const MountOptionHelp> mount_options);
[[nodiscard]] std::string zsh_completion();
[[nodiscard]] std::string fish_completion();

}  // namespace ndcat
