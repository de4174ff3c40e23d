#include "fs/files/folder_tree.h"

#include <algorithm>
#include <cerrno>

#include "fs/files/directory_stream.h"

namespace ndcat {
namespace {

/// To one that the mount leaves out, for entering it has failed.
bool leads_to_folder(const TreeFolder& folder, const std::string& name, unsigned char type, PathWalk& walk) {
  return type != DT_REG && walk.locate(join_path(folder.real_path, name)).identity.is_directory();
}

}  // namespace

std::string manifest_stem(const std::string& name) {
  constexpr std::string_view kSuffix = ".json";
  return name.size() > kSuffix.size() && name.ends_with(kSuffix)
             ? name.substr(0, name.size() - kSuffix.size())
             : "";
}

std::variant<TreeFolder, int> FolderTree::find(const std::string& folder, PathWalk& walk) const {
  TreeFolder found{walk.locate(root_), root_, {}};
  if (!found.location.ok()) return found.location.error_number;
  if (!found.location.identity.is_directory()) return ENOTDIR;
  found.around.push_back(found.location.identity);
  for (std::size_t begin = 0; begin < folder.size();) {
    const std::size_t end = std::min(folder.find('/', begin), folder.size());
    std::variant<TreeFolder, int> next = enter(found, folder.substr(begin, end - begin), walk);
    if (std::holds_alternative<int>(next)) return next;
    found = std::get<TreeFolder>(std::move(next));
    begin = end + 1;
  }
  return found;
}

std::variant<TreeFolder, int> FolderTree::enter(const TreeFolder& parent, const std::string& name,
                                                PathWalk& walk) {
  if (name.empty() || name == "." || name == "..") return ENOENT;
  Location location = walk.locate(join_path(parent.real_path, name));
  // What may not be touched is not in the mount, rather than in it and forbidden.
  if (location.error_number == EACCES) return EACCES;
  if (!location.ok() || !location.identity.is_directory()) return ENOENT;
  const bool goes_round =
      std::any_of(parent.around.begin(), parent.around.end(),
                  [&](const FileIdentity& outer) { return same_file(outer, location.identity); });
  if (goes_round) return ELOOP;
  TreeFolder entered{location, location.real_path(), parent.around};
  entered.around.push_back(location.identity);
  return entered;
}

std::variant<std::vector<TreeEntry>, int> FolderTree::list(const TreeFolder& folder, PathWalk& walk) {
  OpenedFile opened = walk.open(folder.location);
  if (opened.failure != ProbeFailure::none) return opened.error_number;
  std::vector<TreeEntry> entries;
  const int error = for_each_entry(std::move(opened.fd), [&](std::string name, unsigned char type) {
    if (type != DT_REG && std::holds_alternative<TreeFolder>(enter(folder, name, walk))) {
      entries.push_back({std::move(name), EntryKind::folder});
    } else if (type != DT_DIR && !manifest_stem(name).empty() && !leads_to_folder(folder, name, type, walk)) {
      entries.push_back({std::move(name), EntryKind::manifest});
    }
  });
  if (error != 0) return error;
  return entries;
}

}  // namespace ndcat
