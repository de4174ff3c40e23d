// PathWalk: from a path to the file that it leads to, one component at a time, without ever touching what it
// must not.
//
// The kernel's own walk would follow any component into our own mount, where this process would wait for
// itself; so symbolic links are followed by hand, and the device of every component is compared before it is
// entered. (statx with AT_STATX_DONT_SYNC answers from memory, for the root of a FUSE mount too.) The same
// walk yields the real path, which the rules on allowed folders are about, and it is free of races: folders
// are held open while their entries are looked up, and open() compares what it opened with what was looked
// up.
//
// Where the rules confine files to some folders, other users than the one who mounts may read what is found;
// then a folder that not everyone may enter closes the files in it, whatever their own permissions: see
// ClosedFolder.
//
// One walk serves one thread for the length of one task (a resolve, a validation, a read); it remembers the
// last few folders, so that many files in one folder cost one walk together. What it remembers may be moved
// away meanwhile, so a walk must not be kept for the next task.
#pragma once

#include <array>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "fs/files/access_rules.h"
#include "fs/files/descriptor.h"
#include "fs/files/file_identity.h"
#include "fs/files/file_system_kind.h"
#include "manifests/probe.h"

namespace ndcat {

/// An allowed folder, or one in it, that not everyone may enter (has no x for all). The folders around the
/// allowed ones do not count, as they would not if those were mounted elsewhere: they were named for this.
struct ClosedFolder {
  std::size_t path_length = 0;  // of its real path
  std::uint32_t mode = 0, uid = 0, gid = 0;
};

/// A folder held open (O_PATH); it has passed every rule but that on allowed folders.
struct OpenFolder {
  Descriptor fd;
  std::string real_path;
  std::uint64_t device = 0;
  FileSystemKind kind;
  bool is_allowed = false;           // the folder itself lies in an allowed folder
  std::vector<ClosedFolder> closed;  // from the outermost to this one; almost always none
};

/// Where a path leads. When `failure` is not none, `reason` says why in words and `error_number` in errno's.
struct Location {
  ProbeFailure failure = ProbeFailure::none;
  int error_number = 0;
  std::string reason;
  std::shared_ptr<const OpenFolder> folder;
  std::string name;  // an entry of `folder` that is no link; "." for the folder itself
  /// A regular file's permissions are without those that a closed folder on the way takes.
  FileIdentity identity;

  [[nodiscard]] bool ok() const { return failure == ProbeFailure::none; }
  [[nodiscard]] bool is_inside_own_mount() const;
  [[nodiscard]] std::string real_path() const;
};

struct OpenedFile {
  Descriptor fd;  // closed on failure; then the rest is as in Location
  ProbeFailure failure = ProbeFailure::none;
  int error_number = 0;
  std::string reason;
  FileIdentity identity;  // as in Location
};

/// What a file is opened for.
enum class Purpose { reading, writing };

class PathWalk {
 public:
  /// `make_room` is called when the process has no descriptor left: it may close some that nobody needs now.
  explicit PathWalk(std::shared_ptr<const AccessRules> rules, std::function<void()> make_room = {})
      : rules_(std::move(rules)), make_room_(std::move(make_room)) {}

  /// Follows `path` (relative ones from the process's folder) to the file, folder or special file that it
  /// names. Files outside the allowed folders and inside the own mount are refused.
  Location locate(const std::string& path);

  /// Opens what locate() found. For writing it is opened for reading too. Only regular files and directories
  /// are ever opened: opening a FIFO may block and opening a device may do anything. Failure with ESTALE: it
  /// has just been replaced by another file.
  OpenedFile open(const Location& location, Purpose purpose = Purpose::reading);

 private:
  using Folder = std::shared_ptr<const OpenFolder>;
  /// A folder or a failure, as Location has them.
  struct FolderStep {
    Folder folder;
    Location failure;
  };

  Location locate_once(const std::string& path, int& links);
  FolderStep open_folder(const std::string& path, int& links);
  FolderStep enter(const Folder& parent, const std::string& name, std::string real_path);
  int look(const OpenFolder& folder, const std::string& name, FileIdentity& identity) const;
  Location failed(const Folder& reached, int error_number) const;
  Folder remembered(const std::string& path) const;
  void remember(const std::string& path, Folder folder);
  void make_room();

  struct Memory {
    std::string path;
    Folder folder;
  };
  std::shared_ptr<const AccessRules> rules_;
  std::array<Memory, 8> memory_;  // few: each holds a descriptor, and many walks run at once
  std::size_t next_ = 0;
  std::function<void()> make_room_;
};

/// `folder`/`name`; just `folder` for ".".
[[nodiscard]] std::string join_path(const std::string& folder, std::string_view name);

/// "no such file", "permission denied", ...: an errno value in words.
[[nodiscard]] std::string reason_of(int error_number);

}  // namespace ndcat
