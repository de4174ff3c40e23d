#include "fs/files/catalog.h"

#include "fs/files/file_catalog.h"

namespace ndcat {
namespace {

/// The folder and the name that `path` ends with: "." and "all.json" for "all.json".
std::pair<std::string, std::string> split(const std::string& path) {
  const std::size_t slash = path.rfind('/');
  if (slash == std::string::npos) return {".", path};
  return {slash == 0 ? "/" : path.substr(0, slash), path.substr(slash + 1)};
}

/// The real path of an existing folder.
Result<std::string> real_folder(const std::string& path, PathWalk& walk) {
  const Location location = walk.locate(path);
  if (!location.ok()) return Error{path + ": " + location.reason};
  if (!location.identity.is_directory()) return Error{path + ": is not a folder"};
  return location.real_path();
}

}  // namespace

Result<std::unique_ptr<Catalog>> Catalog::open(const std::string& path, CatalogOptions options) {
  PathWalk walk(std::make_shared<AccessRules>(std::nullopt, options.own_device));
  const Location location = walk.locate(path);
  if (!location.ok()) return Error{path + ": " + location.reason};
  const bool is_folder = location.identity.is_directory();
  const auto [parent, name] = split(path);
  if (!is_folder && manifest_stem(name).empty()) {
    return Error{path + ": is neither a folder of manifests nor a manifest (a file named *.json)"};
  }
  const OpenedFile opened = walk.open(location);
  if (opened.failure != ProbeFailure::none) return Error{path + ": " + opened.reason};
  Result<std::string> root = real_folder(is_folder ? path : parent, walk);
  if (!root.ok()) return root.error();

  std::optional<std::vector<std::string>> allowed;
  if (options.allowed_folders) {
    allowed.emplace({*root});
    for (const std::string& folder : *options.allowed_folders) {
      Result<std::string> real = real_folder(folder, walk);
      if (!real.ok()) return Error{real.error().message + " (a folder that sources may lie in)"};
      allowed->push_back(*std::move(real));
    }
  }
  auto rules = std::make_shared<AccessRules>(std::move(allowed), options.own_device);
  std::unique_ptr<Catalog> catalog = std::make_unique<FileCatalog>(*std::move(root), is_folder ? "" : name,
                                                                   std::move(options), std::move(rules));
  return catalog;
}

}  // namespace ndcat
