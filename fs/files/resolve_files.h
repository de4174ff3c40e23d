// resolve() over real files, and everything it learnt of them.
#pragma once

#include <string>

#include "fs/files/facts.h"
#include "fs/files/file_table.h"
#include "manifests/resolve/resolve.h"

namespace ndcat {

/// What a resolve gave and what it learnt on the way.
struct ResolvedFiles {
  Resolution resolution;
  FileTable files;
  Facts facts;
  Nanoseconds began = 0;  // wall_clock()
};

/// resolve() over real files.
ResolvedFiles resolve_files(const std::string& path, const std::string& shown_as, PathWalk walk);

}  // namespace ndcat
