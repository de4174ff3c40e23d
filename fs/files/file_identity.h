// FileIdentity: what stat says of a file at one moment, enough to know later whether it is still the same and unchanged.
#pragma once

#include <sys/types.h>

#include <cstdint>

#include "core/index.h"
#include "core/result.h"

namespace ndcat {

/// Nanoseconds since the epoch.
using Nanoseconds = std::int64_t;

struct FileIdentity {
  std::uint64_t device = 0, inode = 0;
  Index size = 0;
  Nanoseconds modified = 0, changed = 0;  // mtime, ctime
  Nanoseconds born = 0;                   // btime, 0 where the file system has none: inode numbers are used again
  std::uint32_t mode = 0, uid = 0, gid = 0;

  /// Every time, the size and the place are equal: not written, not replaced, not even touched.
  friend bool operator==(const FileIdentity&, const FileIdentity&) = default;
};

/// The same file, though perhaps written to: device, inode and birth.
[[nodiscard]] bool same_file(const FileIdentity& a, const FileIdentity& b);

}  // namespace ndcat
