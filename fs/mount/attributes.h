// What stat, statfs and getxattr say of folders and virtual files.
#pragma once

#include <sys/stat.h>
#include <sys/statvfs.h>

#include <optional>
#include <string>
#include <vector>

#include "fs/files/catalog.h"
#include "fs/mount/inodes.h"

namespace ndcat {

[[nodiscard]] struct stat file_attributes(const Node& file);
[[nodiscard]] struct stat folder_attributes(InodeNumber number, const FolderAttributes& folder);
[[nodiscard]] struct statvfs file_system_statistics();

/// The names that listxattr gives, in order; empty for folders.
[[nodiscard]] std::vector<std::string> extended_attribute_names(const Node& node);
/// Nothing when the node has no attribute of that name.
[[nodiscard]] std::optional<std::string> extended_attribute(const Node& node, const std::string& name);

}  // namespace ndcat
