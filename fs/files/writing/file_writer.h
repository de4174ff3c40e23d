// FileWriter: the SnapshotWriter of a FileSnapshot.
#pragma once

#include <memory>
#include <mutex>
#include <string>

#include "core/writing/array_writer.h"
#include "fs/files/snapshot_writer.h"
#include "fs/files/writing/source_writer.h"
#include "fs/files/writing/tail_writer.h"

namespace ndcat {

/// What a FileWriter needs of its snapshot, which outlives it and does not change.
struct WrittenArray {
  const FileLayout& layout;
  const SourceTable& sources;
  const std::string& header;    // of the .npy file
  const std::string& shown_as;  // the manifest, in messages
  const Tail* tail = nullptr;   // null: it cannot grow, as `append_obstacle` says
  const std::string& append_obstacle;
};

class FileWriter final : public SnapshotWriter {
 public:
  /// Error: a cast has no way back. Precondition: find_write_obstacle() finds nothing.
  static Result<std::unique_ptr<FileWriter>> make(const WrittenArray& array,
                                                  std::shared_ptr<const FileTable> files,
                                                  std::shared_ptr<const CatalogContext> context);

  std::optional<ReadFailure> may_write() override;
  std::optional<ReadFailure> write(VirtualKind kind, Index offset, std::span<const std::byte> bytes) override;
  std::optional<ReadFailure> write_changes(VirtualKind kind, Index offset, std::span<const std::byte> bytes,
                                           std::span<const std::byte> before) override;
  [[nodiscard]] const std::string& append_obstacle() const override { return array_.append_obstacle; }
  std::optional<ReadFailure> may_append() override;
  std::variant<std::size_t, ReadFailure> append(std::span<const std::byte> bytes) override;
  std::variant<Index, ReadFailure> end_of_tail() override;
  std::optional<ReadFailure> read_appended(Index offset, std::span<std::byte> out) override;
  std::optional<ReadFailure> sync(bool only_data, SeenFailures& seen) override;
  std::optional<ReadFailure> finish(SeenFailures& seen) override;
  [[nodiscard]] SeenFailures all_seen() const override;

  /// Bytes that writes have added behind the end of the raw view.
  [[nodiscard]] Index grown() const { return tail_ ? tail_->grown() : 0; }

  /// What was written through `other` is this one's to sync, too. To be called before anything else.
  /// Precondition: both have the same files.
  void share_dirty_files(const FileWriter& other) { dirty_.share(other.dirty_); }

  /// When something was last written here; 0: never.
  [[nodiscard]] Nanoseconds last_write() const { return last_write_.load(std::memory_order_relaxed); }

 private:
  /// A part of a request that lies in the array: bytes from `begin` of it on.
  struct Run {
    Index begin = 0;
    std::span<const std::byte> bytes;
  };
  /// A request: what of it lies in the header, and what in the array or behind it.
  struct Parts {
    std::span<const std::byte> header;
    bool is_same = true;  // as the header is
    Run rest;
  };

  FileWriter(const WrittenArray& array, ArrayWriter writer, std::shared_ptr<const FileTable> files,
             std::shared_ptr<const CatalogContext> context);

  /// A request that would leave a gap, or reach past an end that stays where it is.
  [[nodiscard]] std::optional<ReadFailure> check_end(VirtualKind kind, Index offset, Index size) const;
  [[nodiscard]] Parts take_apart(VirtualKind kind, Index offset, std::span<const std::byte> bytes) const;
  [[nodiscard]] ReadFailure header_stays() const;
  /// The atoms of the array that differ.
  [[nodiscard]] std::vector<Run> changes(Index begin, std::span<const std::byte> bytes,
                                         std::span<const std::byte> before) const;
  /// All of the run, or nothing where it is not exact. What lies behind the array goes to the tail.
  std::optional<ReadFailure> write_run(const Run& run, SourceWriter& sink);
  /// All atoms of it that are exact.
  std::optional<ReadFailure> write_what_is_exact(const Run& run, SourceWriter& sink);
  std::optional<ReadFailure> sync_file(SourceId file, bool only_data, std::optional<PathWalk>& walk);
  std::optional<SourceFault> try_file(SourceId use, std::optional<PathWalk>& walk);
  std::optional<ReadFailure> late_failure(SeenFailures& seen);
  /// For every open file to learn of.
  void note_failure(ReadFailure failure);
  [[nodiscard]] ReadFailure failure(const SourceFault& fault) const;
  [[nodiscard]] ReadFailure not_exact(const WriteResult& result) const;

  const WrittenArray array_;
  const ArrayWriter writer_;
  Sources sources_;
  DirtyFiles dirty_;
  std::optional<TailWriter> tail_;
  std::atomic<Nanoseconds> last_write_{0};
  std::atomic<bool> may_write_{false};  // was found

  mutable std::mutex failure_mutex_;
  std::uint64_t failures_ = 0;
  ReadFailure last_failure_;
};

}  // namespace ndcat
