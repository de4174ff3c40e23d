// A way round an error of libfuse before 3.17: it never tells the kernel that names in one folder may be
// looked up at the same time, whatever the file system asks for. Without that, one name that hangs on a dead
// disk stops every other lookup in its folder, and in a way in which not even SIGKILL helps.
#pragma once

#include "fs/mount/fuse.h"

namespace ndcat {

/// To be called between mounting and the first request. With libfuse from 3.17 on it does nothing.
void allow_parallel_lookups(fuse_session* session);

}  // namespace ndcat
