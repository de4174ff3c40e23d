// What of newer kernels and libfuses a mount asks for, and what it is told when there is none of it.
#pragma once

#include "fs/mount/fuse.h"
#include "fs/mount/options.h"

namespace ndcat {

/// Of what was asked for, what is there.
struct KernelFeatures {
  bool passthrough = false;
};

/// To be called within init(): wants what `options` ask for as far as kernel and libfuse have it, and logs
/// what they lack. The mount goes on without.
KernelFeatures want_features(const MountOptions& options, fuse_conn_info& info);

}  // namespace ndcat
