// FileIdentity: what stat says of a file at one moment, enough to know later whether it is still the same and
// unchanged.
#pragma once

#include <sys/stat.h>
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
  Nanoseconds born = 0;  // btime, 0 where the file system has none: inode numbers are used again
  std::uint32_t mode = 0, uid = 0, gid = 0;

  /// Every time, the size and the place are equal: not written, not replaced, not even touched.
  friend bool operator==(const FileIdentity&, const FileIdentity&) = default;

  [[nodiscard]] bool is_regular() const { return S_ISREG(mode); }
  [[nodiscard]] bool is_directory() const { return S_ISDIR(mode); }
  [[nodiscard]] bool is_link() const { return S_ISLNK(mode); }
};

/// The same file, though perhaps written to: device, inode and birth.
[[nodiscard]] bool same_file(const FileIdentity& a, const FileIdentity& b);

/// From an answer to statx() that was asked for kIdentityFields.
inline constexpr unsigned kIdentityFields = STATX_BASIC_STATS | STATX_BTIME;
[[nodiscard]] FileIdentity identity_of(const struct statx& status);

/// "is a directory", "is a FIFO", ...: why a file that is not regular cannot be a source. "is a regular file"
/// otherwise.
[[nodiscard]] const char* kind_in_words(const FileIdentity& identity);

}  // namespace ndcat
