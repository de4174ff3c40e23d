// Snapshot: one manifest, resolved at one moment, with everything needed to serve its virtual files.
//
// What was resolved stays what every open of this snapshot serves; when a manifest, a source or the answer to
// a glob changes, the Catalog makes a new Snapshot and the old one lives until its last reader closes.
// Immutable but for its handles on sources; every method is thread-safe.
#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <variant>
#include <vector>

#include "fs/files/descriptor.h"
#include "fs/files/file_identity.h"
#include "manifests/resolve/resolve.h"

namespace ndcat {

/// The virtual files of one manifest; `error` stands alone when the manifest cannot be served.
enum class VirtualKind { npy, raw, json, error };
[[nodiscard]] const char* suffix(VirtualKind kind);  // ".npy", ...

/// Of one virtual file, for stat: never wider than the narrowest of its sources and its manifest.
struct Attributes {
  Index size = 0;
  std::uint32_t permissions = 0;  // of 0666
  std::uint32_t uid = 0, gid = 0;
  Nanoseconds modified = 0, changed = 0;  // newest of sources and manifest
};

/// Why a read failed: `error_number` is EIO (the source cannot be read), ESTALE (it was replaced, removed or
/// shrunk since the snapshot) or what the system said; `message` names manifest, source and reason, for the
/// log.
struct ReadFailure {
  int error_number = 0;
  std::string message;
};

/// What a read gave: bytes in memory that `holder` keeps, or that the reader lent.
struct BytesRead {
  std::span<const std::byte> bytes;
  std::shared_ptr<const void> holder;
};

class SnapshotWriter;

class Snapshot {
 public:
  virtual ~Snapshot() = default;
  /// Increases with every new snapshot of the process; equal numbers mean the same snapshot.
  [[nodiscard]] virtual std::uint64_t number() const = 0;
  /// Null when the manifest cannot be served; then problems() is not empty.
  [[nodiscard]] virtual const ResolvedManifest* manifest() const = 0;
  [[nodiscard]] virtual const Problems& problems() const = 0;
  /// In the order npy, raw, json; or only error.
  [[nodiscard]] virtual const std::vector<VirtualKind>& kinds() const = 0;
  [[nodiscard]] virtual Attributes attributes(VirtualKind kind) const = 0;
  /// Bytes before the array: the NumPy header for npy, 0 for raw.
  [[nodiscard]] virtual Index header_size(VirtualKind kind) const = 0;
  /// Fills as much of `out` as lies before the end of the file and returns the count of bytes (0 at or past
  /// the end), or the failure. Safe against sources truncated meanwhile.
  virtual std::variant<std::size_t, ReadFailure> read(VirtualKind kind, Index offset,
                                                      std::span<std::byte> out) const = 0;
  /// As read() of as many bytes as `room` has; but what lies in memory already is not copied there.
  virtual std::variant<BytesRead, ReadFailure> read_in_place(VirtualKind kind, Index offset,
                                                             std::span<std::byte> room) const;
  /// Makes ready what the reads of late will want next. Call it when the last one is answered: it may take as
  /// long as a read.
  virtual void prepare() const {}
  /// For open(), when may_keep_cache() is false: reads from now on are given nothing that was read before.
  virtual void forget_what_was_read() const {}
  /// The source that the virtual file is byte for byte, header included, for the kernel to read in its stead;
  /// not open when there is none such, or when the file can be written to. The answer holds for this moment.
  /// May wait for a disk.
  [[nodiscard]] virtual Descriptor open_backing_file(VirtualKind) const { return {}; }
  /// Whether `length` bytes from `offset` on can be read without waiting for a disk, as far as is known and
  /// true for a moment. Precondition: they lie within the file.
  [[nodiscard]] virtual bool is_resident(VirtualKind kind, Index offset, Index length) const = 0;
  /// lseek's SEEK_DATA and SEEK_HOLE: nothing means ENXIO. A hole is a long run that is known to be zero.
  [[nodiscard]] virtual std::optional<Index> seek_data(VirtualKind kind, Index offset) const = 0;
  [[nodiscard]] virtual std::optional<Index> seek_hole(VirtualKind kind, Index offset) const = 0;
  /// The way to write through its files, which lives as long as the snapshot; null for those that are
  /// read-only. Where there is one, what the files hold may change at any time: nothing of it may be kept.
  [[nodiscard]] virtual SnapshotWriter* writer() const { return nullptr; }
  /// Why a manifest that says "mode": "r+" has no writer, in words: which part forbids it. Empty otherwise.
  [[nodiscard]] virtual std::string write_obstacle() const { return {}; }
  /// The devices that its sources live on, distinct: reads that hang on one must not starve the others.
  [[nodiscard]] virtual const std::vector<std::uint64_t>& devices() const = 0;
};

}  // namespace ndcat
