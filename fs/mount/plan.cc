#include "fs/mount/plan.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <filesystem>
#include <memory>
#include <optional>
#include <string_view>

#include "fs/files/index_folder.h"
#include "fs/log.h"

namespace ndcat {
namespace {

// Nothing, with errno set, when the path leads nowhere.
std::optional<std::string> real_path(const std::string& path) {
  const std::unique_ptr<char, decltype(&std::free)> resolved(::realpath(path.c_str(), nullptr), &std::free);
  if (resolved == nullptr) return std::nullopt;
  return std::string(resolved.get());
}

bool is_folder(const std::string& path) {
  struct stat status = {};
  return ::stat(path.c_str(), &status) == 0 && S_ISDIR(status.st_mode);
}

bool is_at_or_below(const std::string& path, const std::string& folder) {
  if (folder == "/" || path == folder) return true;
  return path.starts_with(folder + "/");
}

MountFailure cannot_use(ExitCode code, const std::string& what, const std::string& path, int error_number) {
  std::string message = what + " " + path + ": " + errno_text(error_number);
  if (error_number == ENOTCONN) {
    message = what + " " + path +
              " is a mount whose program has ended without unmounting; remove it with: fusermount3 -u " +
              path;
  }
  return {code, message};
}

std::optional<MountFailure> find_manifests(const MountRequest& request, MountPlan& plan) {
  const auto path = real_path(request.manifests);
  if (!path) return cannot_use(ExitCode::input_output, "manifests", request.manifests, errno);
  plan.manifests = *path;
  plan.manifests_are_folder = is_folder(*path);
  if (!plan.manifests_are_folder) {
    // A link to a manifest keeps its own name: the virtual files are named after it.
    const std::filesystem::path given(request.manifests);
    const auto folder = real_path(given.has_parent_path() ? given.parent_path().string() : ".");
    if (!folder) return cannot_use(ExitCode::input_output, "manifests", request.manifests, errno);
    plan.manifests = *folder + "/" + given.filename().string();
  }
  return std::nullopt;
}

std::optional<MountFailure> find_mountpoint(const MountRequest& request, MountPlan& plan) {
  const auto path = real_path(request.mountpoint);
  if (!path) return cannot_use(ExitCode::mount, "mount point", request.mountpoint, errno);
  struct stat status = {};
  if (::stat(path->c_str(), &status) != 0) {
    return cannot_use(ExitCode::mount, "mount point", request.mountpoint, errno);
  }
  if (!S_ISDIR(status.st_mode)) {
    return MountFailure{ExitCode::mount,
                        "mount point " + request.mountpoint + " is not a directory; it must be one"};
  }
  plan.mountpoint = *path;
  if (is_at_or_below(plan.manifests, plan.mountpoint)) {
    return MountFailure{ExitCode::mount, "mount point " + request.mountpoint +
                                             " would hide the manifests in " + plan.manifests +
                                             "; mount on another directory, an empty one say"};
  }
  return std::nullopt;
}

// MANIFEST.md in short: whoever serves others, or is root, opens only what the manifests' owner could mean.
std::optional<MountFailure> allow_folders(MountPlan& plan) {
  const bool is_confined = ::geteuid() == 0 || plan.options.allows_others || !plan.options.sources.empty();
  if (!is_confined) return std::nullopt;
  plan.catalog.allowed_folders.emplace();
  for (const std::string& folder : plan.options.sources) {
    const auto path = real_path(folder);
    if (!path) return cannot_use(ExitCode::input_output, "-o sources=" + folder + ":", folder, errno);
    if (!is_folder(*path)) {
      return MountFailure{ExitCode::input_output, "-o sources=" + folder + ": not a directory"};
    }
    plan.catalog.allowed_folders->push_back(*path);
  }
  return std::nullopt;
}

bool is_on_path(const std::string& program) {
  const char* const variable = std::getenv("PATH");
  // libfuse has its own idea of where it is, which is tried first.
  std::string_view folders = variable != nullptr ? variable : "";
  const std::string all = "/usr/bin:/bin:/usr/local/bin:" + std::string(folders);
  for (std::string_view rest = all; !rest.empty();) {
    const auto colon = rest.find(':');
    const std::string candidate = std::string(rest.substr(0, colon)) + "/" + program;
    if (::access(candidate.c_str(), X_OK) == 0) return true;
    rest.remove_prefix(colon == std::string_view::npos ? rest.size() : colon + 1);
  }
  return false;
}

std::optional<MountFailure> check_fuse(const MountPlan& plan) {
  const int descriptor = ::open("/dev/fuse", O_RDWR | O_CLOEXEC);
  if (descriptor < 0) {
    std::string message = "/dev/fuse: " + errno_text(errno);
    if (errno == ENOENT || errno == ENODEV) {
      message += "; load the kernel's module with: modprobe fuse; a container needs --device /dev/fuse";
    } else if (errno == EACCES || errno == EPERM) {
      message += "; your user may not use FUSE on this machine";
    }
    return MountFailure{ExitCode::mount, message};
  }
  ::close(descriptor);
  const bool needs_helper = ::geteuid() != 0 || plan.options.auto_unmount;
  if (needs_helper && !is_on_path("fusermount3")) {
    return MountFailure{
        ExitCode::mount,
        "fusermount3 is not installed; without it only root can mount (Debian, Ubuntu: apt install fuse3)"};
  }
  return std::nullopt;
}

}  // namespace

std::variant<MountPlan, MountFailure> plan_mount(const MountRequest& request) {
  MountPlan plan;
  auto options = parse_mount_options(request.options);
  if (!options) return MountFailure{ExitCode::usage, options.error().message};
  plan.options = std::move(options).value();
  plan.catalog.settle = plan.options.settle;
  plan.catalog.mechanisms = plan.options.mechanisms;
  plan.catalog.index_folder = IndexFolder::of_user();
  // The kernel keeps no pages of the virtual file then: those of the sources are all there are.
  Use& drop_behind = plan.catalog.mechanisms.drop_behind;
  if (plan.options.direct && drop_behind == Use::automatic) drop_behind = Use::never;
  plan.catalog.panel_memory = plan.options.cache / 3 * 2;
  plan.buffer_memory = plan.options.cache - plan.catalog.panel_memory;
  plan.catalog.writable = plan.options.writable;
  plan.options.debug = plan.options.debug || request.debug;
  plan.foreground = request.foreground || plan.options.debug;
  plan.single_threaded = request.single_threaded;
  if (auto failure = find_manifests(request, plan)) return *failure;
  if (auto failure = find_mountpoint(request, plan)) return *failure;
  if (auto failure = allow_folders(plan)) return *failure;
  if (auto failure = check_fuse(plan)) return *failure;
  return plan;
}

}  // namespace ndcat
