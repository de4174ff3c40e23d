// The table of functions that libfuse calls, and what they need to know.
#pragma once

#include <functional>

#include "fs/mount/file_system.h"
#include "fs/mount/fuse.h"
#include "fs/mount/options.h"

namespace ndcat {

/// The user data of the session.
struct Connection {
  FileSystem& file_system;
  const MountOptions& options;
  fuse_conn_info_opts* wishes = nullptr;  // of the user, for the connection
  std::function<void()> on_answering;     // called once the kernel has been answered for the first time
};

[[nodiscard]] const fuse_lowlevel_ops& operations();

}  // namespace ndcat
