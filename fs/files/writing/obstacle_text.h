// Why a manifest cannot be written through, in words.
#pragma once

#include <string>

#include "fs/files/file_table.h"
#include "manifests/resolve/resolve.h"

namespace ndcat {

/// What find_write_obstacle() finds, with the names of the sources and of the parts of the array: "a.npy,
/// shown as [0:10], shows bytes of a file that another part shows too: b.npy, shown as [10:20]". Empty:
/// nothing. Files are the same when device and inode are, whatever links lead there.
[[nodiscard]] std::string find_obstacle_text(const ResolvedManifest& manifest, const FileTable& files);

/// Why nothing can be appended, with the name of the tail; also when the manifest does not ask for it. Empty:
/// nothing forbids it. Precondition: the manifest can be written.
[[nodiscard]] std::string find_append_obstacle_text(const ResolvedManifest& manifest);

}  // namespace ndcat
