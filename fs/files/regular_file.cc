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

SourceLook look_at_source(const std::string& path, Index head_bytes, PathWalk& walk) {
  SourceLook look{open_regular(path, walk), {}};
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
