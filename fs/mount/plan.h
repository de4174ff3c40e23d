// MountPlan: a MountRequest that has been understood and found possible, before anything is done.
#pragma once

#include <string>
#include <variant>

#include "fs/files/catalog.h"
#include "fs/mount/mount.h"
#include "fs/mount/options.h"

namespace ndcat {

/// Why there is no mount, in words for a person.
struct MountFailure {
  ExitCode code = ExitCode::mount;
  std::string message;
};

/// Paths are real paths: absolute and without links, so that they hold after the change of folder in the
/// background.
struct MountPlan {
  std::string manifests;
  bool manifests_are_folder = true;
  std::string mountpoint;
  MountOptions options;
  CatalogOptions catalog;
  std::size_t buffer_memory = 0;  // see FileSystem
  bool foreground = false;
  bool single_threaded = false;
};

/// Parses the options and looks at manifests, sources=, mount point, /dev/fuse and fusermount3.
std::variant<MountPlan, MountFailure> plan_mount(const MountRequest& request);

}  // namespace ndcat
