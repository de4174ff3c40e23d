// The table of functions that libfuse calls, and what they need to know.
#pragma once

#include <functional>
#include <mutex>

#include "fs/mount/file_system.h"
#include "fs/mount/fuse.h"
#include "fs/mount/options.h"

namespace ndcat {

/// The user data of the session.
struct Connection {
  FileSystem& file_system;
  const MountOptions& options;
  fuse_conn_info_opts* wishes = nullptr;  // of the user, for the connection
  std::function<void()> on_answering;     // called when the kernel gets its first answer
  std::function<void()> on_connected;     // called once, when the kernel has taken it
  std::once_flag connected = {};
};

[[nodiscard]] const fuse_lowlevel_ops& operations();

}  // namespace ndcat
