#include "fs/files/bring_in.h"

#include <sys/uio.h>
#include <unistd.h>

#include <algorithm>
#include <variant>

#include "fs/files/residency.h"

namespace ndcat {
namespace {

/// Reading so much between two runs costs hardly more than asking twice.
constexpr Index kGap = Index{16} << 10;
/// Pages of shorter runs are not owned: where they are short, what lies between them is often read later.
constexpr Index kShortestOwned = Index{16} << 10;
/// looks_cold() looks at one place in so many bytes, and at two more: what is read ahead and what is thrown
/// out of memory are larger parts as a rule.
constexpr Index kOneLook = Index{256} << 10;
/// Of so many sources in one range, each is small, and opening it costs more than reading it.
constexpr std::size_t kMostSources = 256;

Index page_size() {
  static const Index size = ::sysconf(_SC_PAGESIZE);
  return size;
}
Index round_down(Index offset) { return offset / page_size() * page_size(); }
Index round_up(Index offset) { return round_down(offset + page_size() - 1); }

void add(const SourcePages& pages, std::vector<SourcePages>& all) {
  if (!all.empty() && all.back().file == pages.file && all.back().end == pages.begin) {
    all.back().end = pages.end;
  } else {
    all.push_back(pages);
  }
}

/// Whether a byte can be read without waiting for a disk.
bool can_peek(int fd, Index at) {
  char byte;
  const iovec target = {&byte, 1};
  return ::preadv2(fd, &target, 1, at, RWF_NOWAIT) == 1;
}

/// Of files of which the system does not tell, one byte stands for the range; also where it knows nothing of
/// a file that is not mapped (see residency()).
Residency look(const Handle& handle, Index at, Index length) {
  const Residency found = residency(handle.fd(), handle.map(), at, length);
  const bool is_doubtful =
      found == Residency::unknown || (found == Residency::none && handle.map() == nullptr);
  return is_doubtful && can_peek(handle.fd(), at) ? Residency::all : found;
}

bool is_resident(const Handle& handle, Index at) { return look(handle, at, 1) == Residency::all; }

bool some_are_cold(const Handle& handle, const SourceRuns& runs, int& looks) {
  Index looked_at = -1;
  for (Index at = runs.offset; at < runs.offset + runs.length && looks > 0; at += kOneLook, --looks) {
    if (!is_resident(handle, at)) return true;
    looked_at = at;
  }
  const Index last = runs.last() + runs.length - 1;
  if (looked_at >= 0 && last / page_size() == looked_at / page_size()) return false;
  --looks;
  return !is_resident(handle, last);
}

}  // namespace

const Handle* BringIn::handle(SourceId source) {
  if (source == source_) return handle_;
  let_go();
  source_ = source;
  ++sources_asked_for_;
  std::variant<Handle*, SourceFault> opened = sources_.open(uses_[source].id, walk_);
  if (auto* const handle = std::get_if<Handle*>(&opened)) handle_ = *handle;
  return handle_;
}

void BringIn::let_go() {
  if (handle_ != nullptr) handle_->let_go();
  handle_ = nullptr;
}

bool BringIn::looks_cold(ByteRange range) {
  int looks = static_cast<int>(range.length / kOneLook) + 2;
  bool found = false;
  layout_.for_each_segment(range, [&](const Segment& segment) {
    if (segment.source == kFill) return true;
    const SourceRuns runs = source_runs(segment, kGap);
    const Handle* const opened = runs.length > 0 ? handle(segment.source) : nullptr;
    found = opened != nullptr && some_are_cold(*opened, runs, looks);
    return !found && looks > 0;
  });
  return found;
}

ReadStreams::BroughtIn BringIn::all_of(ByteRange range, Own own) {
  ReadStreams::BroughtIn result;
  const std::size_t most = std::min(kMostSources, 4 * sources_.most_in_use());
  layout_.for_each_segment(range, [&](const Segment& segment) {
    if (segment.source == kFill) return true;
    SourceRuns runs = source_runs(segment, 0);
    const bool is_scattered = runs.length < kShortestOwned;
    if (is_scattered) runs = source_runs(segment, kGap);
    const Own own_of_these = is_scattered && own == Own::what_was_cold ? Own::nothing : own;
    const Handle* const opened = runs.length > 0 ? handle(segment.source) : nullptr;
    if (opened == nullptr) return sources_asked_for_ < most;
    for_each_run(runs, [&](Index offset) {
      run(*opened, offset, offset + runs.length, own_of_these, result);
      return true;
    });
    return sources_asked_for_ < most;
  });
  return result;
}

void BringIn::run(const Handle& handle, Index begin, Index end, Own own, ReadStreams::BroughtIn& result) {
  for (Index at = begin, next = 0; at < end; at = next) {
    next = std::min(end, (at / kFetchedAtOnce + 1) * kFetchedAtOnce);
    const SourceId file = uses_[source_].id;
    if (own == Own::everything) add({file, round_down(at), round_up(next)}, result.owned);
    // The pages at both ends are shared with what lies before and behind.
    const SourcePages whole = {file, round_up(at), round_down(next)};
    if (own == Own::what_was_cold && whole.begin < whole.end &&
        look(handle, whole.begin, whole.end - whole.begin) == Residency::none) {
      add(whole, result.owned);
    }
    if (look(handle, at, next - at) == Residency::all) continue;
    fetch(handle, at, next - at);
    result.was_cold = true;
  }
}

}  // namespace ndcat
