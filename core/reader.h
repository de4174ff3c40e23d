// Reader: fills a buffer with a byte range of a virtual file.
#pragma once

#include <span>

#include "core/file_layout.h"
#include "core/source_bytes.h"

namespace ndcat {

/// Writes the bytes of [begin, begin + out.size()) of the array to `out`. Returns false when `sources` failed; `out` is
/// then unspecified. Law: read(a, b) + read(b, c) == read(a, c) for any byte ranges, element borders ignored.
/// Precondition: the range lies within the layout. Allocates nothing per element. If a map in `sources` faults, the
/// caller may leave by siglongjmp: no frame below holds anything that needs a destructor.
bool read(const FileLayout& layout, VirtualOffset begin, std::span<std::byte> out, SourceBytes& sources);

}  // namespace ndcat
