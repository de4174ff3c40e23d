#include "fs/files/bring_in.h"

#include <sys/uio.h>
#include <unistd.h>

#include <algorithm>
#include <variant>

namespace ndcat {
namespace {

/// Reading so much between two runs costs hardly more than asking twice.
constexpr Index kGap = Index{16} << 10;
/// Pages of shorter runs are not owned: the next read may well need the rest of them.
constexpr Index kShortestOwned = Index{16} << 10;
/// looks_cold() looks at so many places at most, and within a run at one in so many bytes: what is read ahead
/// and what is thrown out of memory are larger parts as a rule.
constexpr int kLooks = 8;
constexpr Index kOneLook = Index{256} << 10;
/// Of so many sources in one range, each is small, and opening it costs more than reading it.
constexpr std::size_t kMostSources = 256;

Index page_size() {
  static const Index size = ::sysconf(_SC_PAGESIZE);
  return size;
}
Index round_up(Index offset) { return (offset + page_size() - 1) / page_size() * page_size(); }

void add(const SourcePages& pages, std::vector<SourcePages>& all) {
  if (!all.empty() && all.back().file == pages.file && all.back().end == pages.begin) {
    all.back().end = pages.end;
  } else {
    all.push_back(pages);
  }
}

/// For files of which the system does not tell: whether a byte can be read without waiting for a disk.
bool can_peek(int fd, Index at) {
  char byte;
  const iovec target = {&byte, 1};
  return ::preadv2(fd, &target, 1, at, RWF_NOWAIT) == 1;
}

bool is_resident(const Handle& handle, Index at) {
  const Residency found = residency(handle.fd(), handle.map(), at, 1);
  return found == Residency::unknown ? can_peek(handle.fd(), at) : found == Residency::all;
}

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
  int looks = kLooks;
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
    const SourceRuns runs = source_runs(segment, kGap);
    const Handle* const opened = runs.length > 0 ? handle(segment.source) : nullptr;
    if (opened == nullptr) return sources_asked_for_ < most;
    for_each_run(runs, [&](Index offset) {
      run(*opened, offset, offset + runs.length, own, result);
      return true;
    });
    return sources_asked_for_ < most;
  });
  return result;
}

void BringIn::run(const Handle& handle, Index begin, Index end, Own own, ReadStreams::BroughtIn& result) {
  const bool may_own = own == Own::what_was_cold && end - begin >= kShortestOwned;
  for (Index at = begin, next = 0; at < end; at = next) {
    next = std::min(end, (at / kFetchedAtOnce + 1) * kFetchedAtOnce);
    const Residency found = residency(handle.fd(), handle.map(), at, next - at);
    const bool is_here = found == Residency::all || (found == Residency::unknown && is_resident(handle, at));
    if (may_own && !is_here) add_cold_pages(handle, at, next, found, result.owned);
    if (own == Own::everything)
      add({uses_[source_].id, at / page_size() * page_size(), round_up(next)}, result.owned);
    if (is_here) continue;
    fetch(handle, at, next - at);
    result.was_cold = true;
  }
}

/// The first page, where `begin` lies within it, is left out: it was asked for with what comes before.
void BringIn::add_cold_pages(const Handle& handle, Index begin, Index end, Residency found,
                             std::vector<SourcePages>& owned) {
  const Index first = round_up(begin);
  if (first >= end) return;
  if (first > begin) found = residency(handle.fd(), handle.map(), first, end - first);
  if (found == Residency::none) add({uses_[source_].id, first, round_up(end)}, owned);
}

}  // namespace ndcat
