// Opening a regular file that a manifest names, or saying why that cannot be.
#pragma once

#include <string>

#include "fs/files/header_index.h"
#include "fs/files/path_walk.h"

namespace ndcat {

struct RegularFile {
  Descriptor fd;  // closed on failure
  ProbeFailure failure = ProbeFailure::none;
  std::string reason;
  /// A failure that lasts as long as the file with this `identity` is unchanged (it is a FIFO, say);
  /// otherwise as long as the walk fails for the same `reason`.
  bool is_found = false;
  FileIdentity identity;
  FileSystemKind kind;

  [[nodiscard]] bool ok() const { return failure == ProbeFailure::none; }
};

/// Never blocks on a FIFO, never opens a device. A file that is replaced meanwhile is tried again.
[[nodiscard]] RegularFile open_regular(const std::string& path, PathWalk& walk);

/// What a source gave when it was looked at; the descriptor is closed again.
struct SourceLook {
  RegularFile file;
  std::string head;           // at most as many bytes as were asked for
  bool was_recalled = false;  // from an index, without opening the file
};
/// A file that `known` (null: nothing is) holds unchanged is not opened; its head then ends with its header
/// at the latest. Whether it can be read at all was seen when it was put there, and its permissions are the
/// same.
[[nodiscard]] SourceLook look_at_source(const std::string& path, Index head_bytes, PathWalk& walk,
                                        const HeaderIndex* known);

}  // namespace ndcat
