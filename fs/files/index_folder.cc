#include "fs/files/index_folder.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <utility>
#include <vector>

#include "fs/files/descriptor.h"
#include "fs/files/read_start.h"

namespace ndcat {
namespace {

namespace files = std::filesystem;

constexpr Index kLongest = Index{2} << 30;
constexpr mode_t kOnlyMine = 0077;  // permissions that nobody else may have

bool is_mine_alone(const struct stat& status) {
  return status.st_uid == ::geteuid() && (status.st_mode & kOnlyMine) == 0;
}

std::string absolute_folder(const char* variable) {
  const char* const value = std::getenv(variable);
  return value != nullptr && value[0] == '/' ? value : "";
}

/// Makes `path` and what it lies in; true when it is a folder that only this user may look into.
bool make_folder(const std::string& path) {
  std::error_code error;
  files::create_directories(files::path(path).parent_path(), error);
  if (::mkdir(path.c_str(), 0700) != 0 && errno != EEXIST) return false;
  struct stat status;
  return ::lstat(path.c_str(), &status) == 0 && S_ISDIR(status.st_mode) && is_mine_alone(status);
}

bool write_all(int fd, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t written = ::write(fd, bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(written));
  }
  return true;
}

}  // namespace

std::string IndexFolder::of_user() {
  if (const std::string cache = absolute_folder("XDG_CACHE_HOME"); !cache.empty()) return cache + "/ndcat";
  const std::string home = absolute_folder("HOME");
  return home.empty() ? "" : home + "/.cache/ndcat";
}

std::string IndexFolder::file_of(const std::string& manifest) const {
  // Two manifests whose hashes collide take turns in one file, and find each other's entries to be of other
  // files. FNV-1a, which stays the same from one build of the program to the next.
  std::uint64_t hash = 0xCBF29CE484222325;
  for (const char letter : manifest) hash = (hash ^ static_cast<unsigned char>(letter)) * 0x100000001B3;
  char name[32];
  std::snprintf(name, sizeof name, "/%016llx.headers", static_cast<unsigned long long>(hash));
  return path_ + name;
}

std::optional<HeaderIndex> IndexFolder::load(const std::string& manifest) const {
  const Descriptor fd(::open(file_of(manifest).c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK));
  struct stat status;
  if (fd.get() < 0 || ::fstat(fd.get(), &status) != 0) return std::nullopt;
  if (!S_ISREG(status.st_mode) || !is_mine_alone(status) || status.st_size > kLongest) return std::nullopt;
  const std::optional<std::string> bytes = read_start(fd.get(), status.st_size);
  return bytes ? HeaderIndex::parse(*bytes) : std::nullopt;
}

bool IndexFolder::save(const std::string& manifest, const HeaderIndex& index) const {
  if (!make_folder(path_)) return false;
  std::string temporary = path_ + "/new-XXXXXX";
  const Descriptor fd(::mkostemp(temporary.data(), O_CLOEXEC));
  if (fd.get() < 0) return false;
  // Not flushed to the disk: what a crash leaves of it, parse() refuses.
  if (!write_all(fd.get(), index.serialize()) ||
      std::rename(temporary.c_str(), file_of(manifest).c_str()) != 0) {
    ::unlink(temporary.c_str());
    return false;
  }
  drop_oldest();
  return true;
}

void IndexFolder::drop_oldest() const {
  std::vector<std::pair<files::file_time_type, files::path>> present;
  std::error_code error;
  for (const files::directory_entry& entry : files::directory_iterator(path_, error)) {
    const std::string name = entry.path().filename().string();
    // Those that are being written are the newest; one that a crash has left grows old.
    if (!name.ends_with(".headers") && !name.starts_with("new-")) continue;
    std::error_code gone;
    const files::file_time_type written = entry.last_write_time(gone);
    if (!gone) present.emplace_back(written, entry.path());
  }
  if (present.size() <= kMostFiles) return;
  std::sort(present.begin(), present.end());
  present.resize(present.size() - kMostFiles);
  for (const auto& [written, path] : present) files::remove(path, error);
}

}  // namespace ndcat
