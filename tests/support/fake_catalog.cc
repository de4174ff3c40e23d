#include "tests/support/fake_catalog.h"

#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <thread>

#include "tests/support/fake_snapshot.h"

namespace ndcat {
namespace {

CatalogEntry entry(const std::string& name, FakeFile file) {
  const VirtualKind kind = file.kind;
  return {.name = name,
          .is_folder = false,
          .snapshot = std::make_shared<FakeSnapshot>(std::move(file)),
          .kind = kind};
}

FileIdentity identity_of(const struct stat& status) {
  FileIdentity identity;
  identity.inode = status.st_ino;
  identity.size = status.st_size;
  identity.modified = status.st_mtim.tv_sec * 1'000'000'000 + status.st_mtim.tv_nsec;
  return identity;
}

constexpr Index kMiB = Index{1} << 20;

}  // namespace

FakeCatalog::FakeCatalog(std::string control_folder) : control_(std::move(control_folder)) {
  auto& root = folders_[""];
  const auto add = [&root](const std::string& name, FakeFile file) {
    root[name] = entry(name, std::move(file));
  };
  add("data.raw", {.size = 64 * kMiB});
  add("huge.raw", {.size = Index{1} << 41});
  add("failing.raw",
      {.size = kMiB, .devices = {3}, .failure = ReadFailure{EIO, "failing.json: no disk any more"}});
  add("hung.raw", {.size = 64 * kMiB, .devices = {2}, .before_read = [this] { wait_for_release(); }});
  add("slow_name.raw", {.size = 64 * kMiB, .devices = {2}});
  add("broken.error", {.size = 100, .devices = {}, .kind = VirtualKind::error});
  root["many"] = {.name = "many", .is_folder = true, .snapshot = nullptr, .kind = VirtualKind::raw};
  auto& many = folders_["many"];
  for (int i = 0; i < 5000; ++i) {
    const std::string name = "file-" + std::to_string(i) + ".raw";
    many[name] = entry(name, {.size = 10});
  }
}

void FakeCatalog::wait_for_release() const {
  const std::string release = control_ + "/release";
  while (::access(release.c_str(), F_OK) != 0) std::this_thread::sleep_for(std::chrono::milliseconds(5));
}

CatalogEntry FakeCatalog::live() {
  struct stat status = {};
  if (::stat((control_ + "/live").c_str(), &status) != 0) return {};
  const std::lock_guard lock(mutex_);
  const FileIdentity identity = identity_of(status);
  if (live_.snapshot == nullptr || !(identity == live_identity_)) {
    live_ = entry("live.raw", {.size = identity.size});
    live_identity_ = identity;
  }
  return live_;
}

std::variant<std::vector<CatalogEntry>, int> FakeCatalog::list(const std::string& folder) {
  const auto found = folders_.find(folder);
  if (found == folders_.end()) return ENOENT;
  std::vector<CatalogEntry> entries;
  for (const auto& [name, value] : found->second) entries.push_back(value);
  if (const CatalogEntry changing = live(); folder.empty() && changing.snapshot) entries.push_back(changing);
  return entries;
}

std::variant<CatalogEntry, int> FakeCatalog::find(const std::string& folder, const std::string& name) {
  if (name == "slow_name.raw") wait_for_release();
  if (folder.empty() && name == "live.raw") {
    const CatalogEntry changing = live();
    if (changing.snapshot == nullptr) return ENOENT;
    return changing;
  }
  const auto found = folders_.find(folder);
  if (found == folders_.end()) return ENOENT;
  const auto file = found->second.find(name);
  if (file == found->second.end()) return ENOENT;
  return file->second;
}

std::variant<FolderAttributes, int> FakeCatalog::folder(const std::string& folder) {
  if (!folders_.contains(folder)) return ENOENT;
  return FolderAttributes{.permissions = 0555, .uid = 0, .gid = 0, .modified = 0, .changed = 0};
}

bool FakeCatalog::is_current(const Snapshot& snapshot) {
  const CatalogEntry changing = live();
  const std::lock_guard lock(mutex_);
  for (const auto& [path, entries] : folders_) {
    for (const auto& [name, value] : entries) {
      if (value.snapshot.get() == &snapshot) return true;
    }
  }
  return changing.snapshot.get() == &snapshot;
}

bool FakeCatalog::may_keep_cache(const Snapshot&, VirtualKind) { return true; }

}  // namespace ndcat
