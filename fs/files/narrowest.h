// Who may read a virtual file: nobody who may not read every file that it is made of.
#pragma once

#include <vector>

#include "fs/files/file_table.h"
#include "fs/files/snapshot.h"

namespace ndcat {

/// Owner and group are those of the sources (of the manifests when there are no sources) where they all
/// agree, else this process's own. A class of users (owner, group, others) gets the read bit only if each
/// file, whatever class of *its* users they may fall into, lets them read. Times are the newest. `size` is 0.
///
/// Only permission bits count, access control lists do not. Those of the folders on the way to a source are
/// in its identity already, where the mount is for others: see PathWalk.
[[nodiscard]] Attributes narrowest(const FileTable& sources, const std::vector<FileIdentity>& manifests);

/// The write bits of a virtual file that narrowest() has given owner and group: by the same rule, of the
/// sources alone. To a file that runs as its owner or group (set-user-ID, set-group-ID) only the owner
/// writes.
[[nodiscard]] std::uint32_t write_permissions(const FileTable& sources, const Attributes& seen);

}  // namespace ndcat
