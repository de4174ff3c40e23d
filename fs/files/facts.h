// Facts: everything besides the sources that a resolve learnt from the file system. While they and the
// sources hold, the resolve would come to the same result, so it need not be done again.
#pragma once

#include <string>
#include <vector>

#include "fs/files/file_table.h"
#include "fs/files/path_walk.h"

namespace ndcat {

/// What was found at one path.
struct Fact {
  enum class Kind {
    leads_nowhere,  // the walk failed, as `reason` says
    is_unchanged,   // a manifest, a folder whose entries matter, a file that was refused: exactly `identity`
    is_manifest,    // as is_unchanged; and its permissions and times count for the virtual files
    is_directory,   // leads to a directory, whichever; else to something that is none, or nowhere
    is_none,
  };
  Kind kind = Kind::leads_nowhere;
  std::string path;
  std::string reason;
  FileIdentity identity;
};

using Facts = std::vector<Fact>;

/// FAT keeps times in steps of 2 s; no file system in use is coarser.
inline constexpr Nanoseconds kCoarsestClock = 2'000'000'000;

[[nodiscard]] bool still_holds(const Fact& fact, PathWalk& walk);

/// True when all facts hold and every file of the table is the same and unchanged. With very many files
/// several threads look at once, each with a copy of `prototype`: each look may wait for a disk.
[[nodiscard]] bool all_hold(const Facts& facts, const FileTable& files, const PathWalk& prototype);

/// True when unchanged times will prove unchanged files. A file that changed just before it was looked at may
/// change again within the same tick of the file system's clock, and keep its times.
[[nodiscard]] bool times_are_conclusive(const Facts& facts, const FileTable& files, Nanoseconds observed);

}  // namespace ndcat
