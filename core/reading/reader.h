// Reader: fills a buffer with a byte range of a virtual file.
#pragma once

#include <span>

#include "core/layout/file_layout.h"
#include "core/reading/source_bytes.h"

namespace ndcat {

enum class ReadStatus {
  ok,
  source_failed,      // SourceBytes gave null
  conversion_failed,  // an element has no value in the dtype asked for (bytes beyond ASCII to U, say); NumPy
                      // would raise
};

/// `source` is the one to blame when the status is not ok.
struct [[nodiscard]] ReadResult {
  ReadStatus status = ReadStatus::ok;
  SourceId source = kFill;
  explicit operator bool() const { return status == ReadStatus::ok; }
};

/// Writes the bytes of [begin, begin + out.size()) of the array to `out`, which is unspecified after a
/// failure. Law: read(a, b) + read(b, c) == read(a, c) for any byte ranges, element borders ignored.
/// Precondition: the range lies within the layout. Allocates only where an element larger than longest_span()
/// or a part of one has to be converted, and then memory that the thread keeps. If a map in `sources` faults,
/// the caller may leave by siglongjmp: no frame below read() holds anything that needs a destructor.
ReadResult read(const FileLayout& layout, VirtualOffset begin, std::span<std::byte> out,
                SourceBytes& sources);

}  // namespace ndcat
