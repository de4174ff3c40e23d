// The one source that a virtual file is, byte for byte: what the kernel may read in its stead.
#pragma once

#include <string_view>

#include "core/layout/file_layout.h"
#include "fs/files/descriptor.h"
#include "fs/files/sources.h"
#include "manifests/resolve/source_table.h"

namespace ndcat {

/// A descriptor of the source whose bytes are `header` and then the array, and nothing more; none when there
/// is no such source, or when it is not now what the snapshot saw. May wait for a disk.
[[nodiscard]] Descriptor open_backing_file(const FileLayout& layout, std::string_view header,
                                           const SourceTable& uses, Sources& sources);

}  // namespace ndcat
