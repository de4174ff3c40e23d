// The manual page: its template with the tables of command_texts.h filled in. Pure function.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "core/result.h"
#include "fs/mount/mount.h"

namespace ndcat {

/// Error: the template names a part that there is none of.
Result<std::string> manual_page(std::string_view page_template, std::string_view version,
                                std::span<const MountOptionHelp> mount_options);

}  // namespace ndcat
