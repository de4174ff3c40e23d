// BringIn: has the system read what a read is about to gather, before it is gathered.
//
// A gather copies out of maps, one place after the other; where a page is not in memory, the fault reads a
// whole read-around of the disk (8 MiB on some) and waits for it, place by place. So the pages are asked for
// before, exactly those, all at once: a cold 4 KiB then costs what a pread of it does and reads 4 KiB instead
// of 2 MiB, and 64 of them in one request take half as long as 64 preads. What is resident costs a look at a
// few places.
#pragma once

#include <optional>

#include "core/layout/file_layout.h"
#include "core/layout/source_runs.h"
#include "fs/files/read_streams.h"
#include "fs/files/sources.h"
#include "manifests/resolve/source_table.h"

namespace ndcat {

/// Lives on the stack of one request. Never fails: what cannot be opened or asked for is left to the gather,
/// which knows what to say.
class BringIn {
 public:
  BringIn(Sources& sources, const SourceTable& uses, const FileLayout& layout)
      : sources_(sources), uses_(uses), layout_(layout) {}
  ~BringIn() { let_go(); }
  BringIn(const BringIn&) = delete;
  BringIn& operator=(const BringIn&) = delete;

  /// Looks at a few places of the range: true when one of them is not in memory.
  [[nodiscard]] bool looks_cold(ByteRange range);

  enum class Own { nothing, what_was_cold, everything };
  /// Asks for all of the range that is not in memory, of the first few hundred sources in it. `own` says
  /// which pages are to be reported as owned: those of which nothing was resident, where the range meets
  /// whole stretches of the source; or for tests all.
  ReadStreams::BroughtIn all_of(ByteRange range, Own own);

 private:
  /// The open source, or null; held until another is asked for.
  const Handle* handle(SourceId source);
  void let_go();
  void run(const Handle& handle, Index begin, Index end, Own own, ReadStreams::BroughtIn& result);

  Sources& sources_;
  const SourceTable& uses_;
  const FileLayout& layout_;
  std::optional<PathWalk> walk_;
  Handle* handle_ = nullptr;
  SourceId source_ = kFill;
  std::size_t sources_asked_for_ = 0;
};

}  // namespace ndcat
