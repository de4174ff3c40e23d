// FileSnapshot: the Snapshot of a manifest over real files.
#pragma once

#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "core/layout/file_layout.h"
#include "fs/files/array_bytes.h"
#include "fs/files/resolve_files.h"
#include "fs/files/snapshot.h"
#include "fs/files/sources.h"
#include "fs/files/writing/file_writer.h"
#include "fs/files/zero_runs.h"

namespace ndcat {

class FileSnapshot final : public Snapshot {
 public:
  struct Names {
    std::string path;      // of the manifest
    std::string shown_as;  // in messages: relative to what is mounted
    std::string stem;      // of the virtual files, without folder
  };
  /// Takes resolution and files out of `resolved`; its facts stay. A manifest that cannot be laid out as a
  /// file turns into one with a problem.
  FileSnapshot(Names names, ResolvedFiles& resolved, std::shared_ptr<const CatalogContext> context);

  [[nodiscard]] std::uint64_t number() const override { return number_; }
  [[nodiscard]] const ResolvedManifest* manifest() const override {
    return manifest_ ? &*manifest_ : nullptr;
  }
  [[nodiscard]] const Problems& problems() const override { return problems_; }
  [[nodiscard]] const std::vector<VirtualKind>& kinds() const override { return kinds_; }
  [[nodiscard]] Attributes attributes(VirtualKind kind) const override;
  [[nodiscard]] Index header_size(VirtualKind kind) const override;
  std::variant<std::size_t, ReadFailure> read(VirtualKind kind, Index offset,
                                              std::span<std::byte> out) const override;
  std::variant<BytesRead, ReadFailure> read_in_place(VirtualKind kind, Index offset,
                                                     std::span<std::byte> room) const override;
  void prepare() const override;
  void forget_what_was_read() const override;
  [[nodiscard]] Descriptor open_backing_file(VirtualKind kind) const override;
  [[nodiscard]] bool is_resident(VirtualKind kind, Index offset, Index length) const override;
  [[nodiscard]] std::optional<Index> seek_data(VirtualKind kind, Index offset) const override;
  [[nodiscard]] std::optional<Index> seek_hole(VirtualKind kind, Index offset) const override;
  [[nodiscard]] const std::vector<std::uint64_t>& devices() const override { return devices_; }

  [[nodiscard]] SnapshotWriter* writer() const override { return writer_.get(); }
  [[nodiscard]] std::string write_obstacle() const override { return write_obstacle_; }

  [[nodiscard]] const Names& names() const { return names_; }
  [[nodiscard]] const FileTable& files() const { return sources_.files(); }
  /// Nothing that it depends on was changed lately, so that a change from now on would show in its times.
  /// Never true of a source that lives in memory only (see FileSystemKind). See CatalogOptions::settle.
  [[nodiscard]] bool is_settled() const;
  /// Every source's path led to it at `when` (monotonic clock): readers need not look again soon.
  void all_paths_were_checked(Nanoseconds when) const { sources_.all_paths_were_checked(when); }
  /// True when a reader could not tell the two apart: the same files unchanged, laid out alike, or the same
  /// problems.
  [[nodiscard]] bool same_as(const FileSnapshot& other) const;
  /// True when this one has a writer and `other` is the same but for when its sources were changed last: then
  /// it goes on, so that those who have it open share one file, and a write of theirs does not end it.
  [[nodiscard]] bool goes_on_as(const FileSnapshot& other) const;
  /// True when `other` is what this one has become by growing at the end of the tail: who opens this one now
  /// has an array that was there, whole, a moment ago.
  [[nodiscard]] bool grows_to(const FileSnapshot& other) const;
  /// Takes over from the one before it which of its sources have not been synced since they were written to,
  /// when it has the same. To be called before anybody else has it.
  void comes_after(const FileSnapshot& before) const;
  /// Takes over the times of `other`, as which it goes on.
  void note_change(const FileSnapshot& other) const;

 private:
  [[nodiscard]] Nanoseconds last_change() const;
  void lay_out();
  void fail(const std::string& message);
  void make_writable(const std::shared_ptr<const CatalogContext>& context);
  [[nodiscard]] Index size(VirtualKind kind) const;
  [[nodiscard]] const std::string& text(VirtualKind kind) const;
  /// Of the array and of what has grown behind it; all of `out` lies there.
  std::optional<ReadFailure> read_array(Index begin, std::span<std::byte> out) const;
  [[nodiscard]] ReadFailure failure(const SourceFault& fault) const;
  [[nodiscard]] const ZeroRuns& zero_runs() const;
  std::optional<Index> seek_source(SourceId source, Index offset, ZeroRuns::Seek what) const;

  const std::uint64_t number_;
  const Names names_;
  std::optional<ResolvedManifest> manifest_;
  Problems problems_;
  std::vector<FileIdentity> manifest_files_;  // the manifest and those that it names
  std::vector<VirtualKind> kinds_;
  std::optional<FileLayout> layout_;
  std::string header_, json_, error_, write_obstacle_, append_obstacle_;
  const std::shared_ptr<const FileTable> files_;
  mutable Sources sources_;
  std::unique_ptr<FileWriter> writer_;
  mutable std::optional<ArrayBytes> array_;  // refers to the three above
  std::vector<std::uint64_t> devices_;
  Attributes attributes_;
  mutable std::atomic<Nanoseconds> last_change_{0}, modified_{0};
  mutable std::once_flag zero_runs_once_;
  mutable std::optional<ZeroRuns> zero_runs_;
};

}  // namespace ndcat
