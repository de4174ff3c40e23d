// TailWriter: makes the array in one source longer, at the end of its file: the source that "append" names.
//
// Rows are bytes at the end of the file, and nothing else: a kill at any moment leaves what was written, and
// a row that is not complete waits for its rest. (A loss of power may leave zeros after what was synced, to
// the end of the file system's block; no order of writes here keeps ext4 from that.) The header of a .npy
// file follows in settle(), after the rows are on the disk, so that it never claims rows that are not there,
// not even after a loss of power. Thread-safe.
#pragma once

#include <atomic>
#include <mutex>
#include <variant>

#include "fs/files/writing/source_writer.h"
#include "manifests/resolve/resolve.h"

namespace ndcat {

class TailWriter {
 public:
  /// `file` is the tail's number in the file table of `sources`, which are for writing; both outlive this.
  TailWriter(const Tail& tail, SourceId file, Sources& sources, DirtyFiles& dirty);

  /// To be called before anything is added. A header without room for many rows is written anew, in a file
  /// that takes the old one's place: then a fault with ESTALE, for the snapshot is one of the old file.
  std::optional<SourceFault> make_room();

  /// Adds bytes at the end of the file, wherever that is by now; how many. Fewer only where there is no room
  /// for more.
  std::variant<std::size_t, SourceFault> append(std::span<const std::byte> bytes);
  /// Puts bytes behind the snapshot's array, from `begin` bytes behind it on: into what extend() has added,
  /// and at its end. ESTALE where others have added something there, or a row waits for its rest.
  std::optional<SourceFault> extend(Index begin, std::span<const std::byte> bytes);
  /// How much extend() has added.
  [[nodiscard]] Index grown() const { return grown_.load(std::memory_order_acquire); }
  /// Reads what is there behind the snapshot's array.
  std::optional<SourceFault> read(Index begin, std::span<std::byte> out);

  /// How many bytes there are now behind the snapshot's array.
  std::variant<Index, SourceFault> waiting();
  /// Something was added that the header may not tell of.
  [[nodiscard]] bool is_settled() const { return is_settled_.load(std::memory_order_acquire); }
  /// Makes what was added last, and then lets the header of a .npy file tell of all rows.
  std::optional<SourceFault> settle();

 private:
  class Open;
  [[nodiscard]] SourceFault failed(const char* what, int error_number) const;
  /// Somebody else has added to the file: there are so many bytes now behind the snapshot's array.
  [[nodiscard]] SourceFault has_more(Index behind) const;
  std::optional<SourceFault> add(int fd, std::span<const std::byte> bytes, std::size_t& added);
  std::variant<Index, SourceFault> behind(int fd) const;
  std::optional<SourceFault> write_header(int fd);

  const Tail& tail_;
  const SourceId file_;
  Sources& sources_;
  DirtyFiles& dirty_;
  const Index row_size_;
  const Index end_;    // of the snapshot's array, in the file
  std::mutex& mutex_;  // one for each file, whoever writes to it in this process
  std::atomic<Index> grown_{0};
  std::atomic<bool> is_settled_{true};
};

}  // namespace ndcat
