// resolve() over real files, and everything it learnt of them.
#pragma once

#include <string>

#include "fs/files/facts.h"
#include "fs/files/file_table.h"
#include "fs/files/index_folder.h"
#include "manifests/resolve/resolve.h"

namespace ndcat {

/// What a resolve gave and what it learnt on the way.
struct ResolvedFiles {
  Resolution resolution;
  FileTable files;
  Facts facts;
  Nanoseconds began = 0;  // wall_clock()
};

/// Where headers are known from, and kept for the next time.
struct HeaderMemory {
  IndexFolder folder;
  Nanoseconds settle = 0;    // see Indexing
  std::size_t at_least = 0;  // sources; fewer are quicker to open than an index is to keep
};

/// resolve() over real files. `memory`: null for none.
ResolvedFiles resolve_files(const std::string& path, const std::string& shown_as, PathWalk walk,
                            const HeaderMemory* memory);

}  // namespace ndcat
