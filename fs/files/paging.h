// Paging: what a virtual file's sources have in memory, before and after what is read of it.
//
// Each request tells what it will read. What of that is not in memory is brought in (see BringIn); where
// requests follow each other, what they will read next, too; and pages that this process alone brought in are
// given back once the reader is well past them, for the kernel keeps the virtual file's own pages, and twice
// is once too often. Thread-safe.
#pragma once

#include <vector>

#include "core/layout/file_layout.h"
#include "fs/files/mechanisms.h"
#include "fs/files/read_streams.h"
#include "fs/files/sources.h"
#include "manifests/resolve/source_table.h"

namespace ndcat {

class Paging {
 public:
  /// All three must outlive this.
  Paging(const FileLayout& layout, const SourceTable& uses, Sources& sources, const Mechanisms& mechanisms);

  /// To be called before `range` is gathered. `pages_are_kept`: the virtual file's pages stay in the page
  /// cache from one open to the next, so that giving back those of the sources loses nothing.
  void prepare(ByteRange range, bool pages_are_kept);

 private:
  void give_back(const std::vector<SourcePages>& pages);

  const FileLayout& layout_;
  const SourceTable& uses_;
  Sources& sources_;
  const Mechanisms& mechanisms_;
  ReadStreams streams_;
};

}  // namespace ndcat
