// FakeCatalog: a catalog without files, for tests of the mount: bytes from a formula, disks that hang, reads
// that fail.
//
// What it serves, all below the root of the mount (sizes in bytes):
//   data.raw       64 MiB on device 1
//   huge.raw       2^41 on device 1
//   failing.raw    1 MiB on device 3; every read fails with EIO
//   hung.raw       64 MiB on device 2; a read returns only when the control folder has a file "release"
//   slow_name.raw  64 MiB on device 2; a lookup returns only when the control folder has a file "release"
//   live.raw       as many bytes as the control folder's file "live" has; a new snapshot whenever that file
//   changes broken.error   what is said of a manifest that cannot be served many/          5000 files of 10
//   bytes
#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <string>

#include "fs/files/catalog.h"

namespace ndcat {

/// The byte that every fake file has at `offset`.
[[nodiscard]] std::byte fake_byte(Index offset);

class FakeCatalog final : public Catalog {
 public:
  explicit FakeCatalog(std::string control_folder);

  std::variant<std::vector<CatalogEntry>, int> list(const std::string& folder) override;
  std::variant<CatalogEntry, int> find(const std::string& folder, const std::string& name) override;
  std::variant<FolderAttributes, int> folder(const std::string& folder) override;
  bool is_current(const Snapshot& snapshot) override;
  bool may_keep_cache(const Snapshot& snapshot, VirtualKind kind) override;
  void trim(Nanoseconds) override {}
  void set_own_device(std::uint64_t) override {}

 private:
  CatalogEntry live();
  void wait_for_release() const;

  const std::string control_;
  std::map<std::string, std::map<std::string, CatalogEntry>> folders_;  // by path, by name
  std::mutex mutex_;
  CatalogEntry live_;
  FileIdentity live_identity_;
};

}  // namespace ndcat
