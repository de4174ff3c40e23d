// Panels: the panels of one snapshot (see core/layout/panel_plan.h): when they are built, and how long they
// may be used.
//
// A read that stands alone is answered from the sources. One that continues another is answered from a panel,
// built on the way or before. Panels are a shortcut to the bytes and no more: whatever goes wrong with one
// (no memory, a source that cannot be read) is left to the direct way, which fails where it must and with the
// right reason.
//
// A panel is used for as long as a look at its sources shows that they are what they were before it was
// built. Where times may fail to show a change (a file changed lately, a file in memory), it is used for a
// second at most, and not for whoever opens the file later: see forget(). Thread-safe; the layout, the
// sources and whatever `read` needs outlive it.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>

#include "core/layout/panel_plan.h"
#include "fs/files/panel_cache.h"
#include "fs/files/recent_reads.h"

namespace ndcat {

/// The snapshot whose panels they are.
struct PanelOrigin {
  std::uint64_t snapshot = 0;  // its number
  const FileLayout& layout;
  const SourceTable& uses;
  Sources& sources;
  /// Sources unchanged for so long show every change in their times; see CatalogOptions::settle.
  Nanoseconds settle = 0;
  /// Reads bytes of the array from `begin` on straight from the sources; false when it fails.
  std::function<bool(Index begin, std::span<std::byte> out)> read;
};

class Panels {
 public:
  /// `is_forced`: every read is answered from panels.
  Panels(PanelOrigin origin, PanelPlan plan, std::shared_ptr<PanelCache> cache, bool is_forced);
  ~Panels();
  Panels(const Panels&) = delete;
  Panels& operator=(const Panels&) = delete;

  /// One read of the array, which begins now.
  struct Read {
    Index begin = 0, end = 0;
    Nanoseconds asked = 0;  // monotonic clock
    RecentReads::Verdict verdict;
  };
  /// Notes it. Precondition: begin < end, within the layout.
  Read begin_read(Index begin, Index end);

  /// The first part of what is left of a read: up to where its panel ends.
  struct Part {
    PanelCache::Held held;             // null: read them directly
    std::span<const std::byte> bytes;  // in the panel
    Index length = 0;
  };
  /// Precondition: read.begin <= begin < read.end.
  Part part(const Read& read, Index begin);

  /// Builds the panel that the reads of late will want next, if any. May take long.
  void prepare();
  /// What was built so far is used no more.
  void forget();

 private:
  [[nodiscard]] bool is_good(const Panel& panel, Nanoseconds asked) const;
  bool build(Panel& panel, Index begin) const;
  PanelCache::Held find_or_build(const Read& read, const ByteRange& range);
  void want_next(const Read& read, const ByteRange& range);

  const PanelOrigin origin_;
  const PanelPlan plan_;
  const std::shared_ptr<PanelCache> cache_;
  const bool is_forced_;
  RecentReads reads_;
  std::atomic<Nanoseconds> good_from_{0};   // panels begun before are used no more
  std::atomic<Nanoseconds> build_from_{0};  // not before, for the last one failed
  std::atomic<Index> wanted_{-1};           // the first byte of a panel that will be wanted
};

}  // namespace ndcat
