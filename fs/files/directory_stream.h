// Reading the entries of an open folder.
#pragma once

#include <dirent.h>

#include <functional>
#include <string>

#include "fs/files/descriptor.h"

namespace ndcat {

/// Calls `visit` with the name and the type (DT_REG, DT_LNK, ..., DT_UNKNOWN) of every entry but "." and
/// "..". Zero, or an errno value.
[[nodiscard]] int for_each_entry(Descriptor folder,
                                 const std::function<void(std::string name, unsigned char type)>& visit);

}  // namespace ndcat
