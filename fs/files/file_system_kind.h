// What matters to ndcat about the file system that a file lives on.
#pragma once

namespace ndcat {

struct FileSystemKind {
  /// Another machine or process answers for it (NFS, SMB, FUSE, ...): it may hang, and attributes may be
  /// cached.
  bool is_remote = false;
  /// Lives in memory only (tmpfs, ramfs, hugetlbfs). Nothing is ever written back there, so the modification
  /// time of a file that is written through a shared map changes at the first store and then never again.
  bool is_memory = false;
};

/// Of an open file or folder (O_PATH will do). Unknown file systems count as local disks.
[[nodiscard]] FileSystemKind file_system_kind(int fd);

}  // namespace ndcat
