#include "fs/files/panels.h"

#include <algorithm>

#include "fs/files/clocks.h"

namespace ndcat {
namespace {

constexpr Nanoseconds kSecond = 1'000'000'000;
// So many files are looked at for every read; of more, not more often than the looks cost a small part of the
// time.
constexpr std::size_t kFewFiles = 8;
constexpr Nanoseconds kCostOfLook = 1'000;
constexpr Nanoseconds kLooksPart = 20;

}  // namespace

Panels::Panels(PanelOrigin origin, PanelPlan plan, std::shared_ptr<PanelCache> cache, bool is_forced)
    : origin_(std::move(origin)), plan_(plan), cache_(std::move(cache)), is_forced_(is_forced) {}

Panels::~Panels() { cache_->forget(origin_.snapshot); }

Panels::Read Panels::begin_read(Index begin, Index end) {
  return {.begin = begin, .end = end, .asked = monotonic_clock(), .verdict = reads_.note(begin, end)};
}

Panels::Part Panels::part(const Read& read, Index begin) {
  const ByteRange range = plan_.panel_at(VirtualOffset{begin});
  const Index within = begin - static_cast<Index>(range.begin);
  Part part{.held = nullptr, .bytes = {}, .length = std::min(read.end - begin, range.length - within)};
  part.held = find_or_build(read, range);
  if (part.held == nullptr) return part;
  part.bytes =
      part.held->bytes.subspan(static_cast<std::size_t>(within), static_cast<std::size_t>(part.length));
  part.held->bytes_read += part.length;
  part.held->used = read.asked;
  want_next(read, range);
  return part;
}

PanelCache::Held Panels::find_or_build(const Read& read, const ByteRange& range) {
  const PanelKey key{.snapshot = origin_.snapshot, .begin = static_cast<Index>(range.begin)};
  const auto is_good_now = [&](const Panel& panel) { return is_good(panel, read.asked); };
  if (!is_forced_ && (!read.verdict.continues || read.asked < build_from_))
    return cache_->find(key, is_good_now);
  const auto claim = is_forced_ ? PanelCache::Claim::anything : PanelCache::Claim::what_is_left_alone;
  bool failed = false;
  PanelCache::Held held = cache_->get(key, range.length, claim, is_good_now, [&](Panel& panel) {
    failed = !build(panel, key.begin);
    return !failed;
  });
  if (failed) build_from_ = read.asked + kSecond;
  return held;
}

bool Panels::is_good(const Panel& panel, Nanoseconds asked) const {
  // Whatever was read after the question came is as good an answer as any.
  if (panel.began >= asked) return true;
  if (panel.began < good_from_) return false;
  const Nanoseconds now = monotonic_clock();
  if (!panel.is_settled && now - panel.began > kSecond) return false;
  const auto files = static_cast<Nanoseconds>(panel.stamps.size());
  if (panel.stamps.size() > kFewFiles && now - panel.checked < files * kCostOfLook * kLooksPart) return true;
  if (!panel.stamps.hold(origin_.sources)) return false;
  panel.checked = now;
  return true;
}

bool Panels::build(Panel& panel, Index begin) const {
  panel.began = monotonic_clock();
  const Nanoseconds wall = wall_clock();
  const ByteRange range{.begin = VirtualOffset{begin}, .length = static_cast<Index>(panel.bytes.size())};
  auto stamps = SourceStamps::take(origin_.layout, range, origin_.uses, origin_.sources);
  if (!stamps || !origin_.read(begin, panel.bytes)) return false;
  panel.stamps = *std::move(stamps);
  panel.is_settled = origin_.settle <= 0 || (!origin_.sources.files().has_memory_files() &&
                                             wall - panel.stamps.last_change() >= origin_.settle);
  panel.checked = panel.began;
  return true;
}

void Panels::want_next(const Read& read, const ByteRange& range) {
  if (!read.verdict.continues || read.verdict.length < range.length / 4) return;
  const Index begin = static_cast<Index>(range.begin), end = begin + range.length;
  if (read.verdict.is_backward) {
    if (begin > 0) wanted_ = begin - 1;
  } else if (end < origin_.layout.size()) {
    wanted_ = end;
  }
}

void Panels::prepare() {
  const Index wanted = wanted_.exchange(-1);
  if (wanted < 0 || monotonic_clock() < build_from_) return;
  const ByteRange range = plan_.panel_at(VirtualOffset{wanted});
  const PanelKey key{.snapshot = origin_.snapshot, .begin = static_cast<Index>(range.begin)};
  cache_->prepare(key, range.length, [&](Panel& panel) { return build(panel, key.begin); });
}

void Panels::forget() {
  good_from_ = monotonic_clock();
  reads_.forget();
}

}  // namespace ndcat
