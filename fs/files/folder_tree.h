// FolderTree: the folders that a mount mirrors, links followed as long as they lead neither out nor around.
#pragma once

#include <memory>
#include <string>
#include <variant>
#include <vector>

#include "fs/files/path_walk.h"

namespace ndcat {

/// A folder of the mount, found on disk.
struct TreeFolder {
  Location location;
  std::string real_path;
  /// This folder and those around it in the mount: a folder that is among them again would go round for ever.
  std::vector<FileIdentity> around;
};

/// What a name in a folder stands for.
enum class EntryKind { folder, manifest };
struct TreeEntry {
  std::string name;
  EntryKind kind = EntryKind::manifest;
};

class FolderTree {
 public:
  /// `root` is a real path.
  explicit FolderTree(std::string root) : root_(std::move(root)) {}

  /// `folder` as Catalog names folders. ENOENT for what the mount leaves out.
  std::variant<TreeFolder, int> find(const std::string& folder, PathWalk& walk) const;
  /// The folder `name` in `parent`, or an errno value.
  static std::variant<TreeFolder, int> enter(const TreeFolder& parent, const std::string& name,
                                             PathWalk& walk);
  /// Folders and manifests in a folder, in no particular order; or an errno value.
  static std::variant<std::vector<TreeEntry>, int> list(const TreeFolder& folder, PathWalk& walk);

 private:
  std::string root_;
};

/// "all" for "all.json"; empty when `name` is not that of a manifest.
[[nodiscard]] std::string manifest_stem(const std::string& name);

}  // namespace ndcat
