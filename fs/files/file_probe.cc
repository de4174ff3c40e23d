#include "fs/files/file_probe.h"

#include <fcntl.h>

#include <algorithm>
#include <cerrno>
#include <optional>

#include "fs/files/directory_stream.h"
#include "fs/files/read_start.h"

namespace ndcat {
namespace {

// Something that writers do by renaming may happen between looking and opening; a second time at once is no
// accident.
constexpr int kTries = 5;

std::string file_key(const FileIdentity& identity) {
  return std::to_string(identity.device) + ':' + std::to_string(identity.inode);
}

}  // namespace

struct FileProbe::Regular {
  OpenedFile file;
  [[nodiscard]] bool ok() const { return file.failure == ProbeFailure::none; }
};

FileProbe::FileProbe(PathWalk walk) : walk_(std::move(walk)), began_(wall_clock()) {}

FileTable FileProbe::take_files() {
  files_.finish();
  return std::move(files_);
}

void FileProbe::remember_failure(const std::string& path, const std::string& reason) {
  facts_.push_back({Fact::Kind::leads_nowhere, path, reason, {}});
}

void FileProbe::remember(Fact::Kind kind, const std::string& path, const FileIdentity& identity) {
  facts_.push_back({kind, path, {}, identity});
}

void FileProbe::remember_device(int fd, std::uint64_t device) {
  if (files_.find_device(device) == nullptr) files_.add_device({device, file_system_kind(fd)});
}

FileProbe::Regular FileProbe::open_regular(const std::string& path) {
  Regular result;
  for (int tries = 0; tries < kTries; ++tries) {
    const Location location = walk_.locate(path);
    if (!location.ok()) {
      remember_failure(path, location.reason);
      result.file.failure = location.failure;
      result.file.reason = location.reason;
      return result;
    }
    if (location.identity.is_directory()) {
      result.file.failure = ProbeFailure::refused;
      result.file.reason = kind_in_words(location.identity);
      remember(Fact::Kind::is_unchanged, path, location.identity);
      return result;
    }
    result.file = walk_.open(location);
    if (result.ok()) return result;
    if (result.file.error_number != ESTALE && result.file.error_number != ENOENT) {
      remember(Fact::Kind::is_unchanged, path, location.identity);
      return result;
    }
  }
  // It never holds, so the next look at this manifest tries again.
  remember_failure(path, result.file.reason);
  result.file.failure = ProbeFailure::refused;
  return result;
}

ProbedFile FileProbe::source(const std::string& path, Index head_bytes) {
  ProbedFile probed;
  Regular regular = open_regular(path);
  const FileIdentity& identity = regular.file.identity;
  if (!regular.ok()) {
    probed.failure = regular.file.failure;
    probed.reason = regular.file.reason;
    return probed;
  }
  if (head_bytes > 0 && identity.size > 0) {
    std::optional<std::string> head = read_start(regular.file.fd.get(), std::min(head_bytes, identity.size));
    if (!head) {
      probed.failure = ProbeFailure::refused;
      probed.reason = "cannot be read: " + reason_of(errno);
      remember(Fact::Kind::is_unchanged, path, identity);
      return probed;
    }
    probed.head = std::move(*head);
  }
  remember_device(regular.file.fd.get(), identity.device);
  probed.id = files_.add(path, identity, header_hash(probed.head));
  probed.size = identity.size;
  return probed;
}

Result<std::string> FileProbe::head(SourceId id, Index length) {
  const std::string path = files_.path(id);
  Regular regular = open_regular(path);
  if (!regular.ok()) return Error{regular.file.reason};
  if (regular.file.identity != files_.identity(id)) return Error{"changed while it was being looked at"};
  std::optional<std::string> head =
      read_start(regular.file.fd.get(), std::min(length, regular.file.identity.size));
  if (!head) return Error{"cannot be read: " + reason_of(errno)};
  files_.set_header_hash(id, header_hash(*head));
  return *std::move(head);
}

ProbedText FileProbe::manifest(const std::string& path, Index limit) {
  ProbedText probed;
  Regular regular = open_regular(path);
  if (!regular.ok()) {
    probed.failure = regular.file.failure;
    probed.reason = regular.file.reason;
    return probed;
  }
  const FileIdentity& identity = regular.file.identity;
  remember(Fact::Kind::is_manifest, path, identity);
  // One byte more than the limit tells a longer file, also one that grows or claims no size (as those of
  // /proc do).
  std::optional<std::string> text = read_start(regular.file.fd.get(), std::min(identity.size, limit) + 1);
  if (!text) {
    probed.failure = ProbeFailure::refused;
    probed.reason = "cannot be read: " + reason_of(errno);
    return probed;
  }
  if (static_cast<Index>(text->size()) > limit) {
    probed.failure = ProbeFailure::refused;
    probed.reason = "is longer than " + std::to_string(limit) + " bytes";
    return probed;
  }
  if (static_cast<Index>(text->size()) != identity.size) {
    probed.failure = ProbeFailure::refused;
    probed.reason = "changed its size while it was being read";
    return probed;
  }
  probed.text = *std::move(text);
  probed.identity = file_key(identity);
  return probed;
}

ProbedDirectory FileProbe::directory(const std::string& path) {
  ProbedDirectory probed;
  const auto refuse = [&](ProbeFailure failure, const std::string& reason) {
    probed.failure = failure;
    probed.reason = reason;
    return probed;
  };
  const Location location = walk_.locate(path);
  if (!location.ok()) {
    remember_failure(path, location.reason);
    return refuse(location.failure, location.reason);
  }
  remember(Fact::Kind::is_unchanged, path, location.identity);
  if (!location.identity.is_directory()) return refuse(ProbeFailure::absent, "is not a directory");
  OpenedFile opened = walk_.open(location);
  if (opened.failure != ProbeFailure::none) return refuse(opened.failure, opened.reason);
  probed.identity = file_key(location.identity);

  const int error = for_each_entry(std::move(opened.fd), [&](std::string name, unsigned char type) {
    if (type == DT_REG) {
      probed.entries.push_back({std::move(name), false});
      return;
    }
    // A folder may be our own mount point, which must not be found by a glob; a link may lead to a folder.
    const std::string entry_path = path + '/' + name;
    const Location target = walk_.locate(entry_path);
    const bool is_directory = target.ok() && target.identity.is_directory();
    if (target.is_inside_own_mount() && type == DT_DIR) return;
    if (type != DT_DIR) {
      remember(is_directory ? Fact::Kind::is_directory : Fact::Kind::is_none, entry_path, {});
    }
    probed.entries.push_back({std::move(name), is_directory});
  });
  return error == 0 ? probed : refuse(ProbeFailure::refused, reason_of(error));
}

}  // namespace ndcat
