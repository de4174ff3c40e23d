// ArrayBytes: reads the array of one snapshot: straight from its sources, or from panels where those help.
// Thread-safe; what it refers to outlives it.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <variant>

#include "core/layout/file_layout.h"
#include "fs/files/paging.h"
#include "fs/files/panels.h"
#include "fs/files/snapshot.h"
#include "fs/files/sources.h"

namespace ndcat {

class ArrayBytes {
 public:
  /// `snapshot` is its number; `uses` says which file each SourceId of the layout stands for; `is_settled`
  /// whether pages of the virtual file stay in the page cache from one open to the next. `may_keep`: bytes
  /// may be kept for reads that come later, as they may not of files that are written through.
  ArrayBytes(std::uint64_t snapshot, const FileLayout& layout, const SourceTable& uses, Sources& sources,
             bool may_keep, std::function<bool()> is_settled);

  /// Fills `out` with the bytes from `begin` on, or says what is wrong. Precondition: they lie within the
  /// array.
  std::optional<SourceFault> read(Index begin, std::span<std::byte> out);
  /// As read(), but what lies in memory already is not copied to `room`.
  std::variant<BytesRead, SourceFault> read_in_place(Index begin, std::span<std::byte> room);

  /// See Snapshot.
  void prepare();
  void forget_what_was_read();

 private:
  std::optional<SourceFault> read_sources(Index begin, std::span<std::byte> out);
  std::optional<SourceFault> gather(const Panels::Read& read, Panels::Part part, std::span<std::byte> out);

  const FileLayout& layout_;
  const SourceTable& uses_;
  Sources& sources_;
  const std::function<bool()> is_settled_;
  Paging paging_;
  std::optional<Panels> panels_;
};

}  // namespace ndcat
