#include "fs/mount/kernel_features.h"

#include <unistd.h>

#include "fs/log.h"

namespace ndcat {
namespace {

void want_maps_of_direct_files([[maybe_unused]] fuse_conn_info& info) {
#ifdef FUSE_CAP_DIRECT_IO_ALLOW_MMAP
  if ((info.capable & FUSE_CAP_DIRECT_IO_ALLOW_MMAP) != 0) {
    info.want |= FUSE_CAP_DIRECT_IO_ALLOW_MMAP;
    return;
  }
#endif
  log_message(
      Severity::warning,
      "-o direct: files cannot be mapped, which np.load(..., mmap_mode=\"r\") wants; that needs Linux 6.6 "
      "and an ndcat built with libfuse 3.17 or newer");
}

bool want_passthrough([[maybe_unused]] fuse_conn_info& info) {
  const char* needed = "that needs Linux 6.9 and an ndcat built with libfuse 3.17 or newer";
#ifdef FUSE_CAP_PASSTHROUGH
  if ((info.capable & FUSE_CAP_PASSTHROUGH) != 0) {
    if (::geteuid() == 0) {
      info.want |= FUSE_CAP_PASSTHROUGH;
      return true;
    }
    needed = "that needs root";
  }
#endif
  log_message(
      Severity::warning,
      std::string("-o passthrough: every file is read through ndcat, and not by the kernel itself; ") +
          needed);
  return false;
}

// A file that is written to loses its set-user-ID bit, and the like. Whether it has any the kernel asks
// before each write, by getxattr("security.capability"); of a file system that sees to it itself, only once.
// Virtual files have none, and the sources' are the business of their own file systems.
void see_to_privileges([[maybe_unused]] fuse_conn_info& info) {
#ifdef FUSE_CAP_HANDLE_KILLPRIV_V2
  info.want |= info.capable & FUSE_CAP_HANDLE_KILLPRIV_V2;
#endif
}

// libfuse would take the environment's FUSE_URING_ENABLE=1 for a wish; see kernel_features.h.
void refuse_io_uring([[maybe_unused]] fuse_conn_info& info) {
#ifdef FUSE_CAP_OVER_IO_URING
  info.want &= ~static_cast<unsigned>(FUSE_CAP_OVER_IO_URING);
#endif
}

}  // namespace

KernelFeatures want_features(const MountOptions& options, fuse_conn_info& info) {
  refuse_io_uring(info);
  if (options.direct) want_maps_of_direct_files(info);
  if (options.writable) {
    // The times of files that are written to change, while their pages stay good: what is cached begins anew
    // at open() where it must.
    info.want &= ~static_cast<unsigned>(FUSE_CAP_AUTO_INVAL_DATA);
    // A long write with O_DIRECT would come as several requests at once; at the end of a tail its parts would
    // land in the order in which threads take them up.
    info.want &= ~static_cast<unsigned>(FUSE_CAP_ASYNC_DIO);
    see_to_privileges(info);
  }
  return {.passthrough = options.passthrough && want_passthrough(info)};
}

}  // namespace ndcat
