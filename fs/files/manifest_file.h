// ManifestFile: one manifest of a Catalog and its current snapshot.
//
// Thread-safe; one mutex a manifest, held while its files are looked at, so that a manifest whose disk hangs
// makes only those wait who ask about it.
#pragma once

#include <array>
#include <memory>
#include <mutex>
#include <string>

#include "fs/files/file_snapshot.h"

namespace ndcat {

class ManifestFile {
 public:
  ManifestFile(FileSnapshot::Names names, std::shared_ptr<const CatalogContext> context);

  [[nodiscard]] const FileSnapshot::Names& names() const { return names_; }

  /// The snapshot as things are at some moment after the call; resolved anew unless nothing has changed.
  std::shared_ptr<const FileSnapshot> current();

  /// For listings: as current(), but what was resolved before is good enough when looking might hang: while
  /// another thread is at it, or when sources are remote and the manifest itself is unchanged.
  std::shared_ptr<const FileSnapshot> current_or_known();

  /// False for the first call about a file of a snapshot that is settled, and true for later ones; always
  /// false before that. See Catalog::may_keep_cache().
  bool may_keep_cache(const FileSnapshot& snapshot, VirtualKind kind);

 private:
  bool still_current();
  bool manifest_unchanged();
  void resolve_anew();
  [[nodiscard]] std::shared_ptr<const FileSnapshot> known() const;
  [[nodiscard]] std::shared_ptr<const FileSnapshot> looked_at() const;
  std::shared_ptr<const FileSnapshot> current_locked(Nanoseconds asked);

  const FileSnapshot::Names names_;
  const std::shared_ptr<const CatalogContext> context_;

  std::mutex mutex_;  // held during file operations; guards what follows
  Facts facts_;
  bool is_conclusive_ = false;  // times_are_conclusive()
  Nanoseconds looked_ = 0;      // monotonic: when the last look began

  mutable std::mutex snapshot_mutex_;  // held for a moment only
  std::shared_ptr<const FileSnapshot> snapshot_;
  std::shared_ptr<const FileSnapshot>
      looked_at_;                                // the same one, or what it goes on as: has the newest times
  std::array<std::uint64_t, 4> kept_numbers_{};  // by kind: the snapshot that a settled open has been told of
};

}  // namespace ndcat
