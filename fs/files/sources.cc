#include "fs/files/sources.h"

#include <fcntl.h>

#include <algorithm>
#include <cerrno>

#include "fs/files/clocks.h"
#include "fs/files/read_start.h"
#include "manifests/numpy_header.h"

namespace ndcat {
namespace {

constexpr Nanoseconds kSecond = 1'000'000'000;
constexpr Index kLongestHeader = Index{1} << 20;

bool same_times(const FileIdentity& a, const FileIdentity& b) {
  return a.modified == b.modified && a.changed == b.changed && a.size == b.size;
}

}  // namespace

std::uint64_t digest_of_times(const FileIdentity& identity) {
  const auto modified = static_cast<std::uint64_t>(identity.modified);
  const auto changed = static_cast<std::uint64_t>(identity.changed);
  const std::uint64_t digest = modified * 0x9E3779B97F4A7C15u ^ changed * 0xC2B2AE3D27D4EB4Fu ^
                               static_cast<std::uint64_t>(identity.size);
  return digest == 0 ? 1 : digest;
}

Sources::Sources(std::shared_ptr<const FileTable> files, std::shared_ptr<const CatalogContext> context,
                 Purpose purpose)
    : files_(std::move(files)), context_(std::move(context)), purpose_(purpose), slots_(files_->size()) {}

std::size_t Sources::most_in_use() const {
  constexpr std::size_t kRequestsAtOnce = 16;
  return std::max<std::size_t>(1, context_->pool->budget() / kRequestsAtOnce);
}

Sources::~Sources() { context_->pool->forget(slots_); }

PathWalk& Sources::begun(std::optional<PathWalk>& walk) const {
  return walk ? *walk : walk.emplace(context_->new_walk());
}

std::variant<Handle*, SourceFault> Sources::open(SourceId id, std::optional<PathWalk>& walk) {
  if (Handle* const handle = slots_[id].get(); handle != nullptr) return handle;
  const Location location = begun(walk).locate(files_->path(id));
  if (!location.ok()) {
    const bool is_gone = location.failure == ProbeFailure::absent;
    return SourceFault{is_gone ? ESTALE : EIO, id, is_gone ? "was removed or renamed" : location.reason};
  }
  if (!same_file(location.identity, files_->identity(id))) {
    return SourceFault{ESTALE, id, "was replaced by another file"};
  }
  OpenedFile opened = walk->open(location, purpose_);
  if (opened.failure != ProbeFailure::none) {
    const bool is_other = opened.error_number == ESTALE || opened.failure == ProbeFailure::absent;
    // Who may not write, or whose disk is read-only, is told so.
    const int other_error = purpose_ == Purpose::writing ? opened.error_number : EIO;
    return SourceFault{is_other ? ESTALE : other_error, id, opened.reason};
  }
  const Use maps = purpose_ == Purpose::reading ? context_->mechanisms.maps : Use::never;
  auto handle = std::make_unique<Handle>(std::move(opened.fd), files_->identity(id).size, maps);
  handle->path_checked = monotonic_clock();
  if (std::optional<SourceFault> fault = check_identity(id, *handle, opened.identity, walk)) {
    return *std::move(fault);
  }
  return context_->pool->install(slots_[id], handle.release());
}

std::variant<FileIdentity, SourceFault> Sources::look_behind(SourceId id, Handle& handle,
                                                             std::optional<PathWalk>& walk) const {
  struct statx status;
  if (::statx(handle.fd(), "", AT_EMPTY_PATH, kIdentityFields, &status) != 0) {
    return SourceFault{errno, id, reason_of(errno)};
  }
  if (status.stx_nlink == 0) return SourceFault{ESTALE, id, "was removed or replaced"};
  const FileIdentity now = identity_of(status);
  if (std::optional<SourceFault> fault = check_identity(id, handle, now, walk)) return *std::move(fault);
  return now;
}

std::optional<SourceFault> Sources::check(SourceId id, Handle& handle, std::optional<PathWalk>& walk) const {
  std::variant<FileIdentity, SourceFault> found = look_behind(id, handle, walk);
  if (auto* const fault = std::get_if<SourceFault>(&found)) return std::move(*fault);
  return std::nullopt;
}

std::variant<FileIdentity, SourceFault> Sources::look(SourceId id, std::optional<PathWalk>& walk) {
  std::variant<Handle*, SourceFault> opened = open(id, walk);
  if (auto* const fault = std::get_if<SourceFault>(&opened)) return std::move(*fault);
  Handle* const handle = std::get<Handle*>(opened);
  std::variant<FileIdentity, SourceFault> found = look_behind(id, *handle, walk);
  handle->let_go();
  return found;
}

std::optional<SourceFault> Sources::check_identity(SourceId id, Handle& handle, const FileIdentity& now,
                                                   std::optional<PathWalk>& walk) const {
  const Index expected = files_->identity(id).size;
  if (now.size < expected) {
    return SourceFault{ESTALE, id,
                       "was truncated: it has " + std::to_string(now.size) + " bytes, and had " +
                           std::to_string(expected) + " when the manifest was resolved"};
  }
  const Nanoseconds clock = monotonic_clock();
  const bool path_is_due = clock - std::max(handle.path_checked.load(std::memory_order_relaxed),
                                            paths_checked_.load(std::memory_order_relaxed)) >=
                           kSecond;
  bool name_is_due = false;
  if (!same_times(now, files_->identity(id))) {
    const std::uint64_t digest = digest_of_times(now);
    if (handle.accepted.load(std::memory_order_relaxed) != digest) {
      if (std::optional<SourceFault> fault = check_header(id, handle.fd())) return fault;
      handle.accepted.store(digest, std::memory_order_relaxed);
      name_is_due = true;  // renaming a file changes its times too
    }
  }
  if (path_is_due || name_is_due) {
    const std::string& path = files_->path(id);
    const Location location = path_is_due ? begun(walk).locate(path) : context_->recent_walk->locate(path);
    if (std::optional<SourceFault> fault = check_location(id, location)) {
      handle.accepted.store(0, std::memory_order_relaxed);
      return fault;
    }
    if (path_is_due) handle.path_checked.store(clock, std::memory_order_relaxed);
  }
  handle.checked.store(clock, std::memory_order_relaxed);
  return std::nullopt;
}

std::optional<SourceFault> Sources::check_location(SourceId id, const Location& location) const {
  if (!location.ok()) return SourceFault{ESTALE, id, "its path no longer leads to it: " + location.reason};
  if (same_file(location.identity, files_->identity(id))) return std::nullopt;
  return SourceFault{ESTALE, id, "was replaced by another file"};
}

std::optional<SourceFault> Sources::check_header(SourceId id, int fd) const {
  const std::uint64_t expected = files_->header_hash(id);
  if (expected == 0) return std::nullopt;
  constexpr Index kMagicAndLength = 12;
  std::optional<std::string> head = read_start(fd, kMagicAndLength);
  if (head && has_numpy_magic(*head)) {
    const Result<Index> length = numpy_header_length(*head);
    if (length.ok() && *length <= kLongestHeader) head = read_start(fd, *length);
  }
  if (!head) return SourceFault{errno, id, "cannot be read: " + reason_of(errno)};
  if (header_hash(*head) == expected) return std::nullopt;
  const std::string* const growing = files_->growing_header(id);
  if (growing != nullptr && has_grown(*growing, *head)) return std::nullopt;
  return SourceFault{ESTALE, id, "its header was changed: it now holds another array"};
}

}  // namespace ndcat
