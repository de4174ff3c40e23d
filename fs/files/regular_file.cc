#include "fs/files/regular_file.h"

#include <algorithm>
#include <cerrno>
#include <optional>

#include "fs/files/read_start.h"

namespace ndcat {
namespace {

// Something that writers do by renaming may happen between looking and opening; a few times in a row is no
// accident.
constexpr int kTries = 5;

RegularFile failed(ProbeFailure failure, std::string reason, bool is_found, const FileIdentity& identity) {
  RegularFile file;
  file.failure = failure;
  file.reason = std::move(reason);
  file.is_found = is_found;
  file.identity = identity;
  return file;
}

}  // namespace

RegularFile open_regular(const std::string& path, PathWalk& walk) {
  OpenedFile opened;
  for (int tries = 0; tries < kTries; ++tries) {
    const Location location = walk.locate(path);
    if (!location.ok()) return failed(location.failure, location.reason, false, {});
    if (location.identity.is_directory()) {
      return failed(ProbeFailure::refused, kind_in_words(location.identity), true, location.identity);
    }
    opened = walk.open(location);
    if (opened.failure == ProbeFailure::none) {
      RegularFile file;
      file.fd = std::move(opened.fd);
      file.is_found = true;
      file.identity = opened.identity;
      const bool same_device = opened.identity.device == location.folder->device;
      file.kind = same_device ? location.folder->kind : file_system_kind(file.fd.get());
      return file;
    }
    if (opened.error_number != ESTALE && opened.error_number != ENOENT) {
      return failed(opened.failure, opened.reason, true, location.identity);
    }
  }
  // No walk fails for this reason, so the next look at this manifest tries again.
  return failed(ProbeFailure::refused, reason_of(ESTALE), false, {});
}

namespace {

std::optional<SourceLook> recall(const std::string& path, Index head_bytes, PathWalk& walk,
                                 const HeaderIndex& known) {
  const Location location = walk.locate(path);
  // Of a file that something is mounted on, the folder's file system says nothing.
  if (!location.ok() || location.identity.device != location.folder->device) return std::nullopt;
  const std::optional<std::string_view> head = known.find(location.identity, head_bytes);
  if (!head) return std::nullopt;
  SourceLook look{{}, std::string(*head), true};
  look.file.is_found = true;
  look.file.identity = location.identity;
  look.file.kind = location.folder->kind;
  return look;
}

}  // namespace

SourceLook look_at_source(const std::string& path, Index head_bytes, PathWalk& walk,
                          const HeaderIndex* known) {
  if (known != nullptr) {
    if (std::optional<SourceLook> recalled = recall(path, head_bytes, walk, *known))
      return *std::move(recalled);
  }
  SourceLook look{open_regular(path, walk), {}, false};
  RegularFile& file = look.file;
  const Descriptor fd = std::move(file.fd);  // closed on return: many looks may be kept
  if (!file.ok() || head_bytes == 0 || file.identity.size == 0) return look;
  std::optional<std::string> head = read_start(fd.get(), std::min(head_bytes, file.identity.size));
  if (head) {
    look.head = *std::move(head);
  } else {
    file = failed(ProbeFailure::refused, "cannot be read: " + reason_of(errno), true, file.identity);
  }
  return look;
}

}  // namespace ndcat
