#include "fs/files/path_walk.h"

#include <fcntl.h>
#include <limits.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <vector>

#include "fs/files/patient_open.h"
#include "fs/files/permission_classes.h"

namespace ndcat {
namespace {

constexpr int kMaxLinks = 40;  // as the kernel
// Not errno values of a walk by the kernel: the two refusals that are ours.
constexpr int kOutside = EPERM, kOwnMount = EDEADLK;

std::string parent_of(const std::string& real_path) {
  const std::size_t slash = real_path.rfind('/');
  return slash == 0 || slash == std::string::npos ? "/" : real_path.substr(0, slash);
}

/// The folder and the entry; a path that ends in "/", "." or ".." is a folder that is its own entry.
std::pair<std::string, std::string> split(const std::string& path) {
  const std::size_t slash = path.rfind('/');
  std::string name = path.substr(slash + 1);
  if (name.empty() || name == "." || name == "..") return {path, "."};
  return {slash == 0 ? "/" : path.substr(0, slash), std::move(name)};
}

/// Pushes the components of `path` so that the first one comes off the back first.
void push_components(std::vector<std::string>& pending, std::string_view path) {
  while (!path.empty()) {
    const std::size_t slash = path.rfind('/');
    const std::string_view name = slash == std::string_view::npos ? path : path.substr(slash + 1);
    if (!name.empty() && name != ".") pending.emplace_back(name);
    path = slash == std::string_view::npos ? std::string_view() : path.substr(0, slash);
  }
}

/// Where a link leads, as it is written; empty when it cannot be read.
std::string read_link(int folder, const std::string& name) {
  std::string target(PATH_MAX, '\0');
  const ssize_t length = ::readlinkat(folder, name.c_str(), target.data(), target.size());
  target.resize(length > 0 ? static_cast<std::size_t>(length) : 0);
  return target;
}

int statx_errno(int folder, const char* name, int flags, FileIdentity& identity) {
  struct statx status;
  if (::statx(folder, name, flags, kIdentityFields, &status) != 0) return errno;
  identity = identity_of(status);
  return 0;
}

constexpr std::uint32_t kAllMayEnter = 0111;

/// Those around the folder at `real_path`, entered from one that has `closed` around it: fewer after "..".
std::vector<ClosedFolder> still_around(std::vector<ClosedFolder> closed, const std::string& real_path) {
  std::erase_if(closed, [&](const ClosedFolder& folder) { return folder.path_length >= real_path.size(); });
  return closed;
}

/// Takes from a regular file's permissions what nobody has who cannot get to it.
void narrow(FileIdentity& file, const std::vector<ClosedFolder>& closed) {
  if (!file.is_regular()) return;
  for (const ClosedFolder& folder : closed) {
    const std::uint32_t classes = classes_granted({file.uid, file.gid}, {folder.uid, folder.gid},
                                                  classes_of(folder.mode, 1), ::geteuid());
    file.mode &= ~mode_bits(7 & ~classes, 7);
  }
}

}  // namespace

std::string join_path(const std::string& folder, std::string_view name) {
  if (name == ".") return folder;
  std::string path = folder;
  if (!path.ends_with('/')) path += '/';
  return path += name;
}

bool Location::is_inside_own_mount() const { return error_number == kOwnMount; }

std::string Location::real_path() const { return join_path(folder->real_path, name); }

std::string reason_of(int error_number) {
  switch (error_number) {
    case ENOENT:
    case ENOTDIR:
      return "no such file";
    case EACCES:
      return "permission denied";
    case ELOOP:
      return "too many symbolic links in its path (more than 40)";
    case ENAMETOOLONG:
      return "the path is too long";
    case ESTALE:
      return "was replaced while it was being opened";
    case kOutside:
      return "lies outside the folders that this mount may read (see -o sources=)";
    case kOwnMount:
      return "the source lies inside the mount point";
    default: {
      const char* text = ::strerrordesc_np(error_number);
      return text != nullptr ? text : "error " + std::to_string(error_number);
    }
  }
}

Location PathWalk::failed(const Folder& reached, int error_number) const {
  // Whether a file exists outside the allowed folders is nobody's business: everything there fails alike.
  if (error_number != kOwnMount && reached != nullptr && !reached->is_allowed) error_number = kOutside;
  Location location;
  const bool is_absent = error_number == ENOENT || error_number == ENOTDIR;
  location.failure = is_absent ? ProbeFailure::absent : ProbeFailure::refused;
  location.error_number = error_number;
  location.reason = reason_of(error_number);
  return location;
}

Location PathWalk::locate(const std::string& given) {
  if (given.find('\0') != std::string::npos) {
    Location location = failed(nullptr, EINVAL);
    location.reason = "the path contains a NUL byte";
    return location;
  }
  if (given.empty()) return failed(nullptr, ENOENT);
  std::string path = given;
  if (path[0] != '/') {
    std::string cwd(PATH_MAX, '\0');
    if (::getcwd(cwd.data(), cwd.size()) == nullptr) return failed(nullptr, errno);
    path = join_path(cwd.c_str(), path);
  }
  int links = 0;
  for (;;) {
    if (path.size() >= PATH_MAX) return failed(nullptr, ENAMETOOLONG);
    Location location = locate_once(path, links);
    if (!location.ok() || !location.identity.is_link()) return location;
    if (++links > kMaxLinks) return failed(location.folder, ELOOP);
    const std::string target = read_link(location.folder->fd.get(), location.name);
    if (target.empty()) return failed(location.folder, ENOENT);
    path = target[0] == '/' ? target : join_path(location.folder->real_path, target);
  }
}

/// As locate(), but the last component's link is not followed.
Location PathWalk::locate_once(const std::string& path, int& links) {
  auto [folder_path, name] = split(path);
  FolderStep step = open_folder(folder_path, links);
  if (step.folder == nullptr) return step.failure;
  Location location;
  const int error = look(*step.folder, name, location.identity);
  if (error != 0) return failed(step.folder, error);
  narrow(location.identity, step.folder->closed);
  location.folder = std::move(step.folder);
  location.name = std::move(name);
  if (location.identity.is_link() || location.folder->is_allowed) return location;
  // A folder may be allowed though the one that it lies in is not.
  if (!location.identity.is_directory() || !rules_->allows(location.real_path())) {
    return failed(location.folder, kOutside);
  }
  return location;
}

/// Looks at one entry, links not followed: 0 or an errno value.
int PathWalk::look(const OpenFolder& folder, const std::string& name, FileIdentity& identity) const {
  const int flags = AT_SYMLINK_NOFOLLOW | AT_NO_AUTOMOUNT;
  const int error = statx_errno(folder.fd.get(), name.c_str(), flags | AT_STATX_DONT_SYNC, identity);
  if (error != 0) return error;
  if (rules_->is_own(identity.device)) return kOwnMount;
  // A local disk knows nothing newer; a remote one may, and now it is known that asking is safe.
  if (!folder.kind.is_remote && identity.device == folder.device) return 0;
  return statx_errno(folder.fd.get(), name.c_str(), flags, identity);
}

PathWalk::FolderStep PathWalk::open_folder(const std::string& path, int& links) {
  if (Folder known = remembered(path)) return {std::move(known), {}};
  std::vector<std::string> pending;
  Folder folder = remembered(parent_of(path));
  const auto [unused, last] = split(path);
  if (folder != nullptr && last != ".") {
    pending.push_back(last);
  } else {
    FolderStep root = enter(nullptr, "/", "/");
    if (root.folder == nullptr) return root;
    folder = std::move(root.folder);
    push_components(pending, path);
  }
  while (!pending.empty()) {
    const std::string name = std::move(pending.back());
    pending.pop_back();
    FileIdentity identity;
    if (const int error = look(*folder, name, identity); error != 0) return {nullptr, failed(folder, error)};
    if (identity.is_link()) {
      if (++links > kMaxLinks) return {nullptr, failed(folder, ELOOP)};
      const std::string target = read_link(folder->fd.get(), name);
      if (target.empty()) return {nullptr, failed(folder, ENOENT)};
      push_components(pending, target);
      if (target[0] != '/') continue;
      FolderStep root = enter(nullptr, "/", "/");
      if (root.folder == nullptr) return root;
      folder = std::move(root.folder);
      continue;
    }
    if (!identity.is_directory()) return {nullptr, failed(folder, ENOTDIR)};
    FolderStep step =
        enter(folder, name, name == ".." ? parent_of(folder->real_path) : join_path(folder->real_path, name));
    if (step.folder == nullptr) return step;
    folder = std::move(step.folder);
  }
  remember(path, folder);
  return {std::move(folder), {}};
}

/// Opens a folder that look() has let pass, or the root (`parent` null).
PathWalk::FolderStep PathWalk::enter(const Folder& parent, const std::string& name, std::string real_path) {
  auto folder = std::make_shared<OpenFolder>();
  folder->fd = patient_open(parent == nullptr ? AT_FDCWD : parent->fd.get(), name.c_str(),
                            O_PATH | O_DIRECTORY | O_NOFOLLOW, [this] { make_room(); });
  if (!folder->fd.is_open()) return {nullptr, failed(parent, errno)};
  FileIdentity identity;
  const int error = statx_errno(folder->fd.get(), "", AT_EMPTY_PATH | AT_STATX_DONT_SYNC, identity);
  if (error != 0) return {nullptr, failed(parent, error)};
  if (rules_->is_own(identity.device)) return {nullptr, failed(parent, kOwnMount)};
  folder->device = identity.device;
  const bool same_device = parent != nullptr && parent->device == identity.device;
  folder->kind = same_device ? parent->kind : file_system_kind(folder->fd.get());
  folder->is_allowed = rules_->allows(real_path);
  if (parent != nullptr) folder->closed = still_around(parent->closed, real_path);
  if (rules_->confine() && folder->is_allowed && (identity.mode & kAllMayEnter) != kAllMayEnter) {
    folder->closed.push_back({real_path.size(), identity.mode, identity.uid, identity.gid});
  }
  folder->real_path = std::move(real_path);
  return {std::move(folder), {}};
}

OpenedFile PathWalk::open(const Location& location, Purpose purpose) {
  OpenedFile opened;
  const auto fail = [&](int error_number) {
    const Location why = failed(location.folder, error_number);
    opened = {{}, why.failure, why.error_number, why.reason, location.identity};
  };
  const bool is_directory = location.identity.is_directory();
  if (!is_directory && !location.identity.is_regular()) {
    opened.failure = ProbeFailure::refused;
    opened.error_number = EINVAL;
    opened.reason = kind_in_words(location.identity);
    return opened;
  }
  // O_NONBLOCK: should a FIFO have taken the name since it was looked up, the open returns at once.
  const int access = purpose == Purpose::writing ? O_RDWR : O_RDONLY;
  const int flags = access | O_NOFOLLOW | O_NOCTTY | (is_directory ? O_DIRECTORY : O_NONBLOCK);
  opened.fd = patient_open(location.folder->fd.get(), location.name.c_str(), flags, [this] { make_room(); });
  if (!opened.fd.is_open()) {
    fail(errno == ELOOP ? ESTALE : errno);
    return opened;
  }
  const int error = statx_errno(opened.fd.get(), "", AT_EMPTY_PATH, opened.identity);
  if (error != 0 || !same_file(opened.identity, location.identity)) fail(error != 0 ? error : ESTALE);
  narrow(opened.identity, location.folder->closed);
  return opened;
}

void PathWalk::make_room() {
  memory_ = {};
  if (make_room_) make_room_();
}

PathWalk::Folder PathWalk::remembered(const std::string& path) const {
  for (const Memory& memory : memory_) {
    if (memory.folder != nullptr && memory.path == path) return memory.folder;
  }
  return nullptr;
}

void PathWalk::remember(const std::string& path, Folder folder) {
  memory_[next_] = {path, std::move(folder)};
  next_ = (next_ + 1) % memory_.size();
}

}  // namespace ndcat
