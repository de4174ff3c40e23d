#include "fs/commands/check.h"

#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <deque>
#include <filesystem>
#include <set>
#include <utility>

#include "fs/commands/array_text.h"
#include "fs/commands/open_manifest.h"
#include "fs/files/folder_tree.h"

namespace ndcat {
namespace {

namespace fsys = std::filesystem;

/// Checks one path after the other and remembers the worst.
class Checker {
 public:
  Checker(const SourceFolders& sources, Console& console)
      : sources_(sources), console_(console), progress_(console) {}

  void check(const std::string& path) {
    std::error_code ignored;  // what cannot be looked at is the catalog's to explain
    const bool is_folder = fsys::is_directory(path, ignored);
    const auto catalog = open_catalog(path, sources_);
    if (!catalog) return fail(catalog.error().message);
    if (!is_folder) return report(only_snapshot(**catalog).get(), path, fsys::path(path).parent_path());
    const std::size_t before = manifests_;
    links_ = {""};
    seen_folders_.clear();
    // Those that are no links come first, so that what both lead to is named as it lies.
    while (!links_.empty()) {
      const std::string folder = std::move(links_.front());
      links_.pop_front();
      check_folder(**catalog, path, folder);
    }
    if (manifests_ == before) fail(path + ": no manifest (no file named *.json) in this folder or below");
  }

  ExitCode finish() {
    progress_.clear();
    if (manifests_ > 1 && bad_manifests_ > 0) {
      console_.err << bad_manifests_ << " of " << manifests_ << " manifests cannot be served\n";
    }
    if (failed_) return ExitCode::input_output;
    return bad_manifests_ > 0 || has_obstacle_ ? ExitCode::problems : ExitCode::ok;
  }

 private:
  /// Once, however many links lead there: folders with links to each other have more paths than anybody waits
  /// for. A link that leads back to a folder around it ends there, as in a mount.
  void check_folder(Catalog& catalog, const std::string& root, const std::string& folder) {
    const fsys::path path = folder.empty() ? fsys::path(root) : fsys::path(root) / folder;
    const auto shown = catalog.folder(folder);
    if (const int* const error = std::get_if<int>(&shown)) {
      if (*error != ELOOP) fail(path.string() + ": " + why_not_shown(*error));
      return;
    }
    if (is_seen(path)) return;
    std::error_code failure;
    std::vector<std::string> folders, links, manifests;
    for (fsys::directory_iterator entry(path, failure), end; !failure && entry != end;
         entry.increment(failure)) {
      std::error_code ignored;  // a dangling link is no folder; the catalog says what it makes of it
      const std::string name = entry->path().filename();
      if (entry->is_directory(ignored)) {
        (entry->is_symlink(ignored) ? links : folders).push_back(name);
      } else if (!manifest_stem(name).empty()) {
        manifests.push_back(name);
      }
    }
    if (failure) return fail(path.string() + ": " + failure.message());
    std::sort(manifests.begin(), manifests.end());
    std::sort(folders.begin(), folders.end());
    std::sort(links.begin(), links.end());
    for (const auto& name : links) links_.push_back(below(folder, name));
    for (const auto& name : manifests) {
      report(find(catalog, folder, name).get(), below(root, below(folder, name)), root);
    }
    for (const auto& name : folders) check_folder(catalog, root, below(folder, name));
  }

  /// Whether this folder was checked already; from now on it is.
  bool is_seen(const fsys::path& folder) {
    struct stat status = {};
    return ::stat(folder.c_str(), &status) == 0 &&
           !seen_folders_.emplace(status.st_dev, status.st_ino).second;
  }

  [[nodiscard]] std::string why_not_shown(int error) const {
    if (error != ENOENT) return std::strerror(error);
    return sources_ ? "leads outside the folder of manifests and those of --sources; a mount does not show it"
                    : "vanished";
  }

  /// Of whichever virtual file the manifest has: "views" may leave some out.
  static std::shared_ptr<const Snapshot> find(Catalog& catalog, const std::string& folder,
                                              const std::string& manifest) {
    for (const VirtualKind kind :
         {VirtualKind::npy, VirtualKind::raw, VirtualKind::json, VirtualKind::error}) {
      const auto found = catalog.find(folder, manifest_stem(manifest) + suffix(kind));
      const auto* entry = std::get_if<CatalogEntry>(&found);
      if (entry != nullptr && !entry->is_folder) return entry->snapshot;
    }
    return nullptr;
  }

  void report(const Snapshot* snapshot, const std::string& path, const std::string& named_folder) {
    if (snapshot == nullptr) return fail(path + ": vanished, or folders have the names of all its files");
    ++manifests_;
    if (const ResolvedManifest* manifest = snapshot->manifest()) {
      progress_.clear();
      const bool wants_writing = manifest->access == Access::read_write;
      const std::string obstacle = wants_writing ? write_obstacle_of(*snapshot) : "";
      std::string line = path + ": " + array_text(*manifest);
      const std::string no_append = append_obstacle_of(*snapshot);
      if (wants_writing && obstacle.empty()) line += ", can be written";
      if (manifest->tail && no_append.empty()) line += " and appended to";
      console_.out << (console_.out_is_terminal ? printable(line) : line) << '\n';
      if (!obstacle.empty())
        report_obstacle(path + ": \"mode\": \"r+\", but it cannot be written: " + obstacle);
      if (!no_append.empty())
        report_obstacle(path + ": \"append\", but it cannot be appended to: " + no_append);
    } else {
      ++bad_manifests_;
      progress_.clear();
      print_problems(snapshot->problems(), named_folder, console_);
    }
    if (progress_.is_due()) progress_.show("checked " + std::to_string(manifests_) + " manifests");
  }

  /// It is served, but not as it says: "mode": "r+" or "append".
  void report_obstacle(const std::string& line) {
    has_obstacle_ = true;
    console_.err << (console_.err_is_terminal ? printable(line) : line) + '\n';
  }

  void fail(const std::string& message) {
    failed_ = true;
    progress_.clear();
    print_error(message, console_);
  }

  const SourceFolders& sources_;
  Console& console_;
  Progress progress_;
  std::deque<std::string> links_;                   // of the folder at hand: to other folders
  std::set<std::pair<dev_t, ino_t>> seen_folders_;  // of the folder at hand
  std::size_t manifests_ = 0, bad_manifests_ = 0;
  bool failed_ = false, has_obstacle_ = false;
};

}  // namespace

ExitCode check(const CheckRequest& request, Console& console) {
  Checker checker(request.sources, console);
  for (const auto& path : request.paths) checker.check(path);
  return checker.finish();
}

}  // namespace ndcat
