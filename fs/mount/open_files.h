// OpenFiles: the virtual files that are open for writing, and what maps of them have shown.
//
// A file that is open for reading alone leaves no trace here. Thread-safe.
#pragma once

#include <cstdint>
#include <memory>
#include <mutex>
#include <unordered_map>
#include <utility>
#include <vector>

#include "fs/files/snapshot_writer.h"
#include "fs/files/writing/page_baseline.h"
#include "fs/mount/inodes.h"

namespace ndcat {

/// One open for writing. Its members are for whoever has found it; `seen` is guarded by the SnapshotWriter.
struct OpenFile {
  NodeReference node;  // with a writer
  bool has_maps = false;
  Nanoseconds opened_at = 0;  // monotonic: before the open() was answered
  SeenFailures seen;
};

class OpenFiles {
 public:
  using Handle = std::uint64_t;
  static constexpr Handle kReadOnly = 0;  // no handle here

  /// `may_map`: open for reading too, so that shared maps can be made which are stored to.
  Handle open(NodeReference node, bool may_map);
  /// Null for kReadOnly, and for a handle that is not open.
  [[nodiscard]] std::shared_ptr<OpenFile> find(Handle handle) const;
  void close(Handle handle);

  /// What the kernel's page cache has of a file; null unless somebody has it open such that maps can be
  /// stored to.
  [[nodiscard]] std::shared_ptr<PageBaseline> baseline(InodeNumber number) const;
  /// Of all files that have one.
  [[nodiscard]] std::vector<std::pair<InodeNumber, std::shared_ptr<PageBaseline>>> baselines() const;

  /// A failure to write back what a map has stored, which the kernel has told to nobody who has stored it.
  void note_untold_failure(InodeNumber number, int error_number);
  /// For the first who closes the file, as the kernel would; 0 for none.
  [[nodiscard]] int take_untold_failure(InodeNumber number);

 private:
  struct Mapped {
    std::shared_ptr<PageBaseline> baseline;
    int opens = 0;
    int untold_failure = 0;
  };
  mutable std::mutex mutex_;
  Handle last_ = kReadOnly;
  std::unordered_map<Handle, std::shared_ptr<OpenFile>> files_;
  std::unordered_map<InodeNumber, Mapped> mapped_;
};

}  // namespace ndcat
