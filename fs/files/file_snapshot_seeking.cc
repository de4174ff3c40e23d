// Where a FileSnapshot has data and where holes.
#include <unistd.h>

#include <algorithm>
#include <cerrno>

#include "fs/files/file_snapshot.h"

namespace ndcat {

const ZeroRuns& FileSnapshot::zero_runs() const {
  std::call_once(zero_runs_once_, [this] { zero_runs_.emplace(*layout_); });
  return *zero_runs_;
}

std::optional<Index> FileSnapshot::seek_source(SourceId source, Index offset, ZeroRuns::Seek what) const {
  const SourceId file = manifest_->sources[source].id;
  std::optional<PathWalk> walk;
  const std::variant<Handle*, SourceFault> opened = sources_.open(file, walk);
  if (!std::holds_alternative<Handle*>(opened)) return std::nullopt;
  Handle* const handle = std::get<Handle*>(opened);
  const off_t found = ::lseek(handle->fd(), offset, what == ZeroRuns::Seek::data ? SEEK_DATA : SEEK_HOLE);
  const bool none_left = found < 0 && errno == ENXIO;
  // A file that was truncated has neither data nor holes; reading it must fail, not be skipped.
  const bool is_good = !sources_.check(file, *handle, walk).has_value();
  handle->let_go();
  if (!is_good || (found < 0 && !none_left)) return std::nullopt;
  return none_left ? files().identity(file).size : found;
}

std::optional<Index> FileSnapshot::seek_data(VirtualKind kind, Index offset) const {
  const Index header = header_size(kind), end = size(kind);
  if (offset < 0 || offset >= end) return std::nullopt;
  if (!layout_ || kind == VirtualKind::json || offset < header) return offset;
  const auto seek = [this](SourceId source, Index at, ZeroRuns::Seek what) {
    return seek_source(source, at, what);
  };
  const Index data = header + zero_runs().next_data(offset - header, seek);
  return data < end ? std::optional(data) : std::nullopt;
}

std::optional<Index> FileSnapshot::seek_hole(VirtualKind kind, Index offset) const {
  const Index header = header_size(kind), end = size(kind);
  if (offset < 0 || offset >= end) return std::nullopt;
  if (!layout_ || kind == VirtualKind::json) return end;
  const auto seek = [this](SourceId source, Index at, ZeroRuns::Seek what) {
    return seek_source(source, at, what);
  };
  return header + zero_runs().next_hole(std::max<Index>(0, offset - header), seek);
}

}  // namespace ndcat
