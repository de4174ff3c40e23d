#include "fs/files/file_catalog.h"

#include <unistd.h>

#include <algorithm>
#include <cerrno>

namespace ndcat {
namespace {

constexpr VirtualKind kKinds[] = {VirtualKind::npy, VirtualKind::raw, VirtualKind::json, VirtualKind::error};

std::string below(const std::string& folder, const std::string& name) {
  return folder.empty() ? name : folder + '/' + name;
}

/// One manifest may be found by two ways through links, and shows another name in messages on each.
std::string key_of(const std::string& path, const std::string& shown_as) { return path + '\0' + shown_as; }

/// True for a link that leads nowhere: a manifest that is shown as an error, while an absent one is not there
/// at all.
bool is_link(const std::string& path) {
  char unused;
  return ::readlink(path.c_str(), &unused, 1) >= 0;
}

bool has(const FileSnapshot& snapshot, VirtualKind kind) {
  return std::find(snapshot.kinds().begin(), snapshot.kinds().end(), kind) != snapshot.kinds().end();
}

CatalogEntry view_entry(std::shared_ptr<const FileSnapshot> snapshot, VirtualKind kind) {
  std::string name = snapshot->names().stem + suffix(kind);
  return {std::move(name), false, std::move(snapshot), kind};
}

void add_views(std::vector<CatalogEntry>& entries, const std::shared_ptr<const FileSnapshot>& snapshot) {
  for (const VirtualKind kind : snapshot->kinds()) entries.push_back(view_entry(snapshot, kind));
}

// Fewer sources are probed in some milliseconds.
constexpr std::size_t kWorthAnIndex = 1000;

std::optional<HeaderMemory> header_memory(const CatalogOptions& options) {
  if (options.index_folder.empty() || options.mechanisms.index == Use::never) return std::nullopt;
  const std::size_t at_least = options.mechanisms.index == Use::always ? 1 : kWorthAnIndex;
  return HeaderMemory{IndexFolder(options.index_folder), options.settle.count(), at_least};
}

}  // namespace

FileCatalog::FileCatalog(std::string root, std::string only_manifest, CatalogOptions options,
                         std::shared_ptr<AccessRules> rules)
    : only_manifest_(std::move(only_manifest)),
      options_(std::move(options)),
      context_(std::make_shared<const CatalogContext>(
          CatalogContext{std::move(rules), std::make_shared<HandlePool>(HandlePool::budget_of_process()),
                         std::make_shared<PanelCache>(options_.panel_memory), options_.mechanisms,
                         options_.settle.count(), header_memory(options_), options_.writable})),
      tree_(std::move(root)) {}

void FileCatalog::log(const std::string& line) const {
  if (options_.log) options_.log(line);
}

FileCatalog::Manifest FileCatalog::manifest_file(const std::string& real_folder, const std::string& folder,
                                                 const std::string& stem) {
  const std::string name = stem + ".json";
  FileSnapshot::Names names{join_path(real_folder, name), below(folder, name), stem};
  const std::lock_guard lock(mutex_);
  Manifest& manifest = manifests_[key_of(names.path, names.shown_as)];
  if (manifest == nullptr) manifest = std::make_shared<ManifestFile>(std::move(names), context_);
  return manifest;
}

FileCatalog::Manifest FileCatalog::known_manifest(const FileSnapshot& snapshot) {
  const std::lock_guard lock(mutex_);
  const auto found = manifests_.find(key_of(snapshot.names().path, snapshot.names().shown_as));
  return found == manifests_.end() ? nullptr : found->second;
}

void FileCatalog::forget_manifest(const std::string& key) {
  Manifest forgotten;  // destroyed after the lock is released: that closes files
  const std::lock_guard lock(mutex_);
  const auto found = manifests_.find(key);
  if (found == manifests_.end()) return;
  forgotten = std::move(found->second);
  manifests_.erase(found);
}

void FileCatalog::forget_others(const std::string& real_folder, const std::string& folder,
                                const std::set<std::string>& present) {
  std::vector<Manifest> forgotten;
  const std::lock_guard lock(mutex_);
  for (auto known = manifests_.begin(); known != manifests_.end();) {
    const FileSnapshot::Names& names = known->second->names();
    const bool is_here = names.path == join_path(real_folder, names.stem + ".json") &&
                         names.shown_as == below(folder, names.stem + ".json");
    if (is_here && !present.contains(names.stem)) {
      forgotten.push_back(std::move(known->second));
      known = manifests_.erase(known);
    } else {
      ++known;
    }
  }
}

std::variant<std::vector<CatalogEntry>, int> FileCatalog::list(const std::string& folder) {
  if (!only_manifest_.empty() && !folder.empty()) return ENOENT;
  PathWalk walk = context_->new_walk();
  std::variant<TreeFolder, int> found = tree_.find(folder, walk);
  if (const int* const error = std::get_if<int>(&found)) return *error;
  const TreeFolder& parent = std::get<TreeFolder>(found);
  std::vector<CatalogEntry> entries;
  if (!only_manifest_.empty()) {
    const Manifest manifest = manifest_file(parent.real_path, folder, manifest_stem(only_manifest_));
    add_views(entries, manifest->current_or_known());
    return entries;
  }
  std::variant<std::vector<TreeEntry>, int> listed = FolderTree::list(parent, walk);
  if (const int* const error = std::get_if<int>(&listed)) return *error;
  std::set<std::string> folders, stems;
  for (TreeEntry& entry : std::get<std::vector<TreeEntry>>(listed)) {
    if (entry.kind == EntryKind::folder) {
      folders.insert(entry.name);
      entries.push_back({std::move(entry.name), true, nullptr, VirtualKind::npy});
    } else {
      stems.insert(manifest_stem(entry.name));
      add_views(entries,
                manifest_file(parent.real_path, folder, manifest_stem(entry.name))->current_or_known());
    }
  }
  forget_others(parent.real_path, folder, stems);
  std::erase_if(entries, [&](const CatalogEntry& entry) {
    if (entry.is_folder || !folders.contains(entry.name)) return false;
    log(below(folder, entry.name) + ": is not shown: a folder has this name");
    return true;
  });
  return entries;
}

std::variant<CatalogEntry, int> FileCatalog::find(const std::string& folder, const std::string& name) {
  if (!only_manifest_.empty() && !folder.empty()) return ENOENT;
  PathWalk walk = context_->new_walk();
  std::variant<TreeFolder, int> found = tree_.find(folder, walk);
  if (const int* const error = std::get_if<int>(&found)) return *error;
  const TreeFolder& parent = std::get<TreeFolder>(found);
  if (only_manifest_.empty()) {
    const std::variant<TreeFolder, int> entered = FolderTree::enter(parent, name, walk);
    if (std::holds_alternative<TreeFolder>(entered))
      return CatalogEntry{name, true, nullptr, VirtualKind::npy};
  }
  return find_view(parent, folder, name, walk);
}

std::variant<CatalogEntry, int> FileCatalog::find_view(const TreeFolder& parent, const std::string& folder,
                                                       const std::string& name, PathWalk& walk) {
  for (const VirtualKind kind : kKinds) {
    const std::string_view end = suffix(kind);
    if (name.size() <= end.size() || !name.ends_with(end)) continue;
    const std::string stem = name.substr(0, name.size() - end.size());
    const std::string manifest = stem + ".json";
    if (!only_manifest_.empty() && manifest != only_manifest_) return ENOENT;
    const std::string path = join_path(parent.real_path, manifest);
    const Location location = walk.locate(path);
    const bool is_absent = location.failure == ProbeFailure::absent && !is_link(path);
    if (only_manifest_.empty() && (is_absent || location.identity.is_directory())) {
      forget_manifest(key_of(path, below(folder, manifest)));
      return ENOENT;
    }
    std::shared_ptr<const FileSnapshot> snapshot = manifest_file(parent.real_path, folder, stem)->current();
    if (!has(*snapshot, kind)) return ENOENT;
    return view_entry(std::move(snapshot), kind);
  }
  return ENOENT;
}

std::variant<FolderAttributes, int> FileCatalog::folder(const std::string& folder) {
  PathWalk walk = context_->new_walk();
  std::variant<TreeFolder, int> found = tree_.find(folder, walk);
  if (const int* const error = std::get_if<int>(&found)) return *error;
  const FileIdentity& identity = std::get<TreeFolder>(found).location.identity;
  return FolderAttributes{identity.mode & 0555, identity.uid, identity.gid, identity.modified,
                          identity.changed};
}

bool FileCatalog::is_current(const Snapshot& snapshot) {
  const auto& mine =
      static_cast<const FileSnapshot&>(snapshot);  // the only kind that a FileCatalog hands out
  const std::string& shown_as = mine.names().shown_as;
  const std::size_t slash = shown_as.rfind('/');
  PathWalk walk = context_->new_walk();
  // The folder on the way may have been a link, and may lead elsewhere now.
  const auto found = tree_.find(slash == std::string::npos ? "" : shown_as.substr(0, slash), walk);
  const auto* const parent = std::get_if<TreeFolder>(&found);
  if (parent == nullptr || mine.names().path != join_path(parent->real_path, mine.names().stem + ".json"))
    return false;
  const Manifest manifest = known_manifest(mine);
  if (manifest == nullptr) return false;
  const std::shared_ptr<const FileSnapshot> current = manifest->current();
  return current.get() == &snapshot || mine.grows_to(*current);
}

bool FileCatalog::may_keep_cache(const Snapshot& snapshot, VirtualKind kind) {
  const auto& mine = static_cast<const FileSnapshot&>(snapshot);
  const Manifest manifest = known_manifest(mine);
  return manifest != nullptr && manifest->may_keep_cache(mine, kind);
}

void FileCatalog::set_own_device(std::uint64_t device) { context_->rules->set_own_device(device); }

}  // namespace ndcat
