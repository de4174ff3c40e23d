// Catalog: the folder of manifests (or the one manifest) that is mounted, and the current snapshot of each
// manifest.
//
// Pull-based: nothing is watched and nothing is polled. Every question looks at the files as they are now, so
// a manifest written before an open() is seen by that open(). Thread-safe: questions about different
// manifests do not wait for each other, not even when one hangs on a dead network disk.
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "core/result.h"
#include "fs/files/mechanisms.h"
#include "fs/files/snapshot.h"

namespace ndcat {

struct CatalogOptions {
  /// Sources and manifests must lie in the manifest folder or in one of these, links resolved; empty
  /// optional: anywhere.
  std::optional<std::vector<std::string>> allowed_folders;
  /// The device number of our own mount, once it exists: a source on it is refused before it is touched.
  std::optional<std::uint64_t> own_device;
  /// A file changed more recently than this may still be changing without its times showing it (times are
  /// coarse; a writer's shared map updates them once per flush). Pages cached meanwhile are not kept for the
  /// next open. A source in memory (tmpfs) is never flushed, so it never settles, unless this is zero.
  std::chrono::nanoseconds settle = std::chrono::seconds(60);
  /// Where the headers of very many sources are kept from one mount to the next; empty: nowhere.
  std::string index_folder = {};
  /// Which ways to the bytes are forced or forbidden, for tests and measurements.
  Mechanisms mechanisms = {};
  /// Bytes that may be kept in panels (see panels.h).
  std::size_t panel_memory = std::size_t{32} << 20;
  /// Manifests with "mode": "r+" can be written through.
  bool writable = false;
  /// Takes lines for the log: what the mount leaves out although it was asked for. Called from any thread.
  std::function<void(const std::string& line)> log;
};

/// One name in a mounted folder.
struct CatalogEntry {
  std::string name;  // in the mount: "runs", "all.npy"
  bool is_folder = false;
  std::shared_ptr<const Snapshot> snapshot;  // of a virtual file
  VirtualKind kind = VirtualKind::npy;
};

struct FolderAttributes {
  std::uint32_t permissions = 0, uid = 0, gid = 0;  // permissions of 0555
  Nanoseconds modified = 0, changed = 0;
};

class Catalog {
 public:
  /// `path` is a folder or a manifest. Error: it is neither, or cannot be read.
  static Result<std::unique_ptr<Catalog>> open(const std::string& path, CatalogOptions options);
  virtual ~Catalog() = default;

  /// Folders are named by their path below the root, "" for the root itself, as bytes.
  /// All names in a folder, manifests resolved, in no particular order; or an errno value. Of a manifest that
  /// was resolved before and whose sources are remote, the last known names: a dead disk must not stop
  /// listings.
  virtual std::variant<std::vector<CatalogEntry>, int> list(const std::string& folder) = 0;
  /// One name in a folder, as it is now; ENOENT and the like as an errno value. A snapshot comes back
  /// validated: its manifest, sources and globs were found unchanged, or it is new.
  virtual std::variant<CatalogEntry, int> find(const std::string& folder, const std::string& name) = 0;
  virtual std::variant<FolderAttributes, int> folder(const std::string& folder) = 0;

  /// Validates once more, for open(): false when the snapshot is no longer the current one of its manifest.
  virtual bool is_current(const Snapshot& snapshot) = 0;
  /// For open(): true when pages that the kernel cached of this file of the snapshot are certain to be what
  /// the sources hold. Call after is_current(); the first call for a file of a settled snapshot says false,
  /// so that the cache starts afresh.
  virtual bool may_keep_cache(const Snapshot& snapshot, VirtualKind kind) = 0;

  /// Gives back memory that nobody has used since `time` (monotonic clock).
  virtual void trim(Nanoseconds time) = 0;

  /// Set when the mount exists; see CatalogOptions::own_device.
  virtual void set_own_device(std::uint64_t device) = 0;
};

}  // namespace ndcat
