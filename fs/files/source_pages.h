// SourcePages: what is asked of the system's page cache for pages of a source: to read them, to drop them.
//
// Both are hints. A system that does not follow them serves the same bytes later or from more memory.
#pragma once

#include "core/algebra/piece.h"
#include "core/index.h"
#include "fs/files/handle_pool.h"

namespace ndcat {

/// Bytes [begin, end) of a file of the file table; both ends lie between two pages.
struct SourcePages {
  SourceId file = 0;
  Index begin = 0, end = 0;
  friend bool operator==(const SourcePages&, const SourcePages&) = default;
};

/// As much as is asked for at once. The system reads no more of one call than its read-ahead, 128 KiB as a
/// rule, and says nothing of the rest.
constexpr Index kFetchedAtOnce = Index{128} << 10;

/// Has the system begin to read [offset, offset + length), at most kFetchedAtOnce, of what is not resident,
/// without waiting for it. Nothing beside these pages is read, while a fault on a map would bring in the
/// disk's whole read-around; and of several calls the disk sees all at once.
void fetch(const Handle& handle, Index offset, Index length);

/// Has the system forget pages, also where this process has them mapped. Those of other processes' maps stay.
void drop(const Handle& handle, Index begin, Index end);

}  // namespace ndcat
