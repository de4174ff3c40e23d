// Whether a part of a virtual file can be served from memory, without waiting for any disk.
#pragma once

#include "core/layout/file_layout.h"
#include "fs/files/sources.h"
#include "manifests/resolve/source_table.h"

namespace ndcat {

/// True when the sources' pages that `range` of `layout` is made of are in the system's page cache; false
/// when not, when the system does not tell, and when they lie scattered over so much of a source that to look
/// for them costs more than it is worth. `uses` says which file each SourceId of core/ stands for. A hint, as
/// residency() is. Thread-safe. Precondition: the range lies within the layout.
[[nodiscard]] bool is_resident(const FileLayout& layout, ByteRange range, Sources& sources,
                               const SourceTable& uses);

}  // namespace ndcat
