// SnapshotWriter: the way to write through the virtual files of one snapshot.
//
// Whatever a write reports as done is in the sources' files, where every other program sees it; sync() makes
// it last. Sources keep their sizes and their headers, but for the one that "append" names: a write that goes
// on behind the end of the raw view makes that one longer. Thread-safe. Failures are as those of reads, and:
// EFBIG past the end of the array, EPERM in the header, EDOM where an element's value cannot be stored
// exactly, EACCES, EROFS, ENOSPC, EDQUOT or what else the system says of a source.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <variant>

#include "fs/files/snapshot.h"

namespace ndcat {

/// How many failures to make data last an open file has been told of already, so that each learns of each
/// once.
struct SeenFailures {
  std::uint64_t count = 0;
};

class SnapshotWriter {
 public:
  virtual ~SnapshotWriter() = default;

  /// For open(): nothing when every source can be opened for writing, and none would lose its header.
  virtual std::optional<ReadFailure> may_write() = 0;

  /// Exactly these bytes, or none of them where an element cannot be stored; another failure may come in the
  /// middle. Bytes of the header must be what they are.
  virtual std::optional<ReadFailure> write(VirtualKind kind, Index offset,
                                           std::span<const std::byte> bytes) = 0;

  /// Those elements in which `bytes` and `before` differ, as write() does it, and no byte of any other:
  /// `before` is what a map of the file has shown, whatever the sources hold by now. Beside elements that
  /// cannot be stored, and changes to the header, the others are written all the same: they may be another
  /// program's. Precondition: of equal length.
  virtual std::optional<ReadFailure> write_changes(VirtualKind kind, Index offset,
                                                   std::span<const std::byte> bytes,
                                                   std::span<const std::byte> before) = 0;

  /// Empty when what is written behind the end of the raw view makes the array longer ("append"); else why
  /// not, in words.
  [[nodiscard]] virtual const std::string& append_obstacle() const = 0;
  /// For open() with O_APPEND: nothing when the tail can be opened for writing. ESTALE: it was put into
  /// another file to be able to grow, so there is a new snapshot now.
  virtual std::optional<ReadFailure> may_append() = 0;
  /// Adds bytes at the end of the tail, wherever that is by now; how many. Fewer only where there is no room
  /// for more. The snapshot's own array stays as it is. Precondition of this and what follows: no obstacle.
  virtual std::variant<std::size_t, ReadFailure> append(std::span<const std::byte> bytes) = 0;
  /// The size of the raw view with all that was appended to the tail, a row that waits for its rest included.
  virtual std::variant<Index, ReadFailure> end_of_tail() = 0;
  /// Fills `out` from there. Precondition: `offset`, in the raw view, lies behind the snapshot's own array.
  virtual std::optional<ReadFailure> read_appended(Index offset, std::span<std::byte> out) = 0;

  /// fsync (fdatasync) of every source that was written to since the last time. Also fails for what failed
  /// before in another's name, as `seen` does not know it yet.
  virtual std::optional<ReadFailure> sync(bool only_data, SeenFailures& seen) = 0;
  /// For close(): what was appended to a .npy file is made to last, and then its header tells of it. Also
  /// fails for what sync() failed with since `seen`.
  virtual std::optional<ReadFailure> finish(SeenFailures& seen) = 0;
  /// For a file that is being opened: what failed before is not its business.
  [[nodiscard]] virtual SeenFailures all_seen() const = 0;
};

}  // namespace ndcat
