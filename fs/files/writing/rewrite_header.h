// A .npy file with more room in its header.
#pragma once

#include <optional>
#include <string_view>

#include "fs/files/sources.h"
#include "manifests/resolve/resolve.h"

namespace ndcat {

/// Whether a header can say every number of rows that an array can have.
[[nodiscard]] bool has_room_to_grow(std::string_view header);

/// Writes a copy of the tail with room in its header, as np.save leaves it, and puts it in the old one's
/// place in one step; who looks meanwhile sees the old one or the new one. Owner, group and mode are kept;
/// access control lists and extended attributes are not, and other hard links keep the old file. Writes of
/// this process wait meanwhile.
/// ESTALE once that is done: the file is another one now. EBUSY: somebody has locked it (flock), as another
/// process does that writes it anew. Precondition: nobody in this process appends meanwhile.
std::optional<SourceFault> rewrite_header(Sources& sources, SourceId file, const Tail& tail);

}  // namespace ndcat
