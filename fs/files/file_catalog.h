// FileCatalog: the Catalog over real folders and manifests.
#pragma once

#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <unordered_map>

#include "fs/files/catalog.h"
#include "fs/files/folder_tree.h"
#include "fs/files/manifest_file.h"
#include "fs/files/panel_cache.h"

namespace ndcat {

class FileCatalog final : public Catalog {
 public:
  /// `root`: the real path of the folder. `only_manifest`: the name in it of the one manifest that is
  /// mounted, or empty.
  FileCatalog(std::string root, std::string only_manifest, CatalogOptions options,
              std::shared_ptr<AccessRules> rules);

  std::variant<std::vector<CatalogEntry>, int> list(const std::string& folder) override;
  std::variant<CatalogEntry, int> find(const std::string& folder, const std::string& name) override;
  std::variant<FolderAttributes, int> folder(const std::string& folder) override;
  bool is_current(const Snapshot& snapshot) override;
  bool may_keep_cache(const Snapshot& snapshot, VirtualKind kind) override;
  void trim(Nanoseconds time) override {
    context_->panels->trim(time);
    context_->recent_walk->trim(time);
  }
  void set_own_device(std::uint64_t device) override;

 private:
  using Manifest = std::shared_ptr<ManifestFile>;
  Manifest manifest_file(const std::string& real_folder, const std::string& folder, const std::string& stem);
  Manifest known_manifest(const FileSnapshot& snapshot);
  void forget_manifest(const std::string& key);
  /// Of the manifests in one folder, all but those with the stems `present`.
  void forget_others(const std::string& real_folder, const std::string& folder,
                     const std::set<std::string>& present);
  std::variant<CatalogEntry, int> find_view(const TreeFolder& parent, const std::string& folder,
                                            const std::string& name, PathWalk& walk);
  void log(const std::string& line) const;

  const std::string only_manifest_;
  const CatalogOptions options_;
  const std::shared_ptr<const CatalogContext> context_;
  const FolderTree tree_;

  std::mutex mutex_;  // never held while files are looked at
  std::unordered_map<std::string, Manifest> manifests_;
};

}  // namespace ndcat
