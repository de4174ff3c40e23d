// Sources: the source files of one snapshot, opened as they are needed, and never taken for what they no
// longer are.
//
// Thread-safe. What it finds wrong it says as a SourceFault; the snapshot adds which manifest is meant.
#pragma once

#include <atomic>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "fs/files/catalog_context.h"
#include "fs/files/file_table.h"

namespace ndcat {

struct SourceFault {
  int error_number = 0;  // EIO or ESTALE, or what the system said
  SourceId id = 0;       // in the file table
  std::string reason;
};

/// Size and times in one number: equal only where a file was not written to in between, as far as they tell.
/// Never 0.
[[nodiscard]] std::uint64_t digest_of_times(const FileIdentity& identity);

class Sources {
 public:
  /// Those for reading are mapped where that pays.
  Sources(std::shared_ptr<const FileTable> files, std::shared_ptr<const CatalogContext> context,
          Purpose purpose = Purpose::reading);
  ~Sources();
  Sources(const Sources&) = delete;
  Sources& operator=(const Sources&) = delete;

  [[nodiscard]] const CatalogContext& context() const { return *context_; }
  [[nodiscard]] const FileTable& files() const { return *files_; }
  /// How many handles one request may hold at once, so that many requests together stay within the limits.
  [[nodiscard]] std::size_t most_in_use() const;

  /// The handle on a source, opened if need be and then verified to be the file of the snapshot; the caller
  /// must let_go(). Opening walks its path with `walk`, which is begun if it was not (most requests need
  /// none).
  std::variant<Handle*, SourceFault> open(SourceId id, std::optional<PathWalk>& walk);

  /// Looks whether the file behind a handle is still what the snapshot read its description from, whether its
  /// path still leads to it (once a second), and whether its name does (also when its times changed).
  /// Nothing: bytes read before this call are good.
  ///
  /// A file written in place, its size and header kept, is served as it is now, as any memory map would.
  std::optional<SourceFault> check(SourceId id, Handle& handle, std::optional<PathWalk>& walk) const;

  /// What the file is like now, opened if need be and checked.
  std::variant<FileIdentity, SourceFault> look(SourceId id, std::optional<PathWalk>& walk);

  /// Somebody looked at all paths, at `when` by the monotonic clock, and each led to its file.
  void all_paths_were_checked(Nanoseconds when) { paths_checked_.store(when, std::memory_order_relaxed); }

 private:
  /// `walk`, begun if it was not.
  PathWalk& begun(std::optional<PathWalk>& walk) const;
  std::variant<FileIdentity, SourceFault> look_behind(SourceId id, Handle& handle,
                                                      std::optional<PathWalk>& walk) const;
  /// Where the path of the source leads.
  std::optional<SourceFault> check_location(SourceId id, const Location& location) const;
  std::optional<SourceFault> check_header(SourceId id, int fd) const;
  std::optional<SourceFault> check_identity(SourceId id, Handle& handle, const FileIdentity& now,
                                            std::optional<PathWalk>& walk) const;

  const std::shared_ptr<const FileTable> files_;
  std::atomic<Nanoseconds> paths_checked_{0};  // of all; a handle may know of a later look at its own
  const std::shared_ptr<const CatalogContext> context_;
  const Purpose purpose_;
  std::vector<HandleSlot> slots_;
};

}  // namespace ndcat
