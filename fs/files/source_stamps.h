// SourceStamps: what the sources of a part of a virtual file were like at one moment, to know later whether
// bytes read since are still theirs. Immutable; thread-safe.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "core/layout/file_layout.h"
#include "fs/files/sources.h"
#include "manifests/resolve/source_table.h"

namespace ndcat {

class SourceStamps {
 public:
  /// Looks at every file that `range` comes from; nothing when one is not what `sources` expects. `uses` says
  /// which file each SourceId of the layout stands for.
  static std::optional<SourceStamps> take(const FileLayout& layout, ByteRange range, const SourceTable& uses,
                                          Sources& sources);

  /// Looks again: true when no file was written to, shrunk or replaced, as far as size and times tell.
  [[nodiscard]] bool hold(Sources& sources) const;

  /// How many files there are.
  [[nodiscard]] std::size_t size() const { return stamps_.size(); }
  /// When any of them was last changed, by the wall clock.
  [[nodiscard]] Nanoseconds last_change() const { return last_change_; }

 private:
  struct Stamp {
    SourceId file = 0;
    std::uint64_t digest = 0;  // of size and times
  };
  std::vector<Stamp> stamps_;
  Nanoseconds last_change_ = 0;
};

}  // namespace ndcat
