#include "fs/mount/stride_predictor.h"

#include <algorithm>
#include <cstdlib>
#include <functional>

namespace ndcat {
namespace {

// From rows of so many pages on it takes longer to read them all than to push one; and from so many to a
// window on, the windows that are read ahead are better than those that pushed pages have cut.
constexpr Index kLeastPages = 12, kMostRowsOfWindow = 8;
constexpr Index kLeastPagesAlways = 2;
constexpr Index kLargestFile = Index{1} << 61;  // so that no sum of two offsets overflows
constexpr int kFirstPause = 16;
constexpr int kWholeBeforeTrial = 16;
constexpr int kMostDoublings = 8;

Index rounded_quotient(Index a, Index b) { return (a + b / 2) / b; }

}  // namespace

StridePredictor::StridePredictor(std::span<const Index> strides, Index file_size, Index window, bool always)
    : file_size_(file_size),
      always_(always),
      least_step_((always ? kLeastPagesAlways : std::max(kLeastPages, window / kMostRowsOfWindow)) * kPage),
      read_around_{window, file_size / kPage + (file_size % kPage == 0 ? 0 : 1)} {
  if (file_size > kLargestFile) return;
  for (const Index stride : strides) {
    if (stride >= kPage && stride < file_size) strides_.push_back(stride);
  }
  std::sort(strides_.begin(), strides_.end(), std::greater<>());
  strides_.erase(std::unique(strides_.begin(), strides_.end()), strides_.end());
}

std::optional<Push> StridePredictor::on_read(Index offset, Index size) {
  const bool is_for_cache = offset % kPage == 0;
  if (!is_for_cache || offset < 0 || offset >= file_size_ || size <= 0) return std::nullopt;
  const PageRange asked{offset / kPage, (offset + size + kPage - 1) / kPage};
  join_or_remember(asked);
  const PageRange window = asked_.front();
  whole_ = read_around_.is_whole(window) && before(window, true) ? whole_ + 1 : 0;
  for (auto walk = walks_.begin(); walk != walks_.end() && *walk; ++walk) {
    if (const auto sight = sight_of(**walk)) return follow(walk, *sight);
  }
  if (pause_ > 0) {
    --pause_;
  } else {
    auto walk = find_new(window, true);
    if (!walk) walk = find_new(window, false);
    if (walk) return add(*walk);
  }
  return std::nullopt;
}

bool StridePredictor::has(Index page) const {
  return std::any_of(walks_.begin(), walks_.end(),
                     [page](const auto& walk) { return walk && walk->has(page); });
}

/// The pages pushed cut the kernel's windows into several requests, which come one after the other.
void StridePredictor::join_or_remember(PageRange asked) {
  PageRange& last = asked_.front();
  Index page = last.end;
  while (page < asked.begin && has(page)) ++page;
  is_joined_ = last.count() > 0 && page > last.end && page == asked.begin;
  if (is_joined_) {
    last.end = asked.end;
  } else {
    std::rotate(asked_.begin(), asked_.end() - 1, asked_.end());
    asked_.front() = asked;
  }
}

/// A pushed page has cut the window on the side to which he walks, so that its end does not tell where he is.
bool StridePredictor::is_cut_ahead(PageRange window, bool forwards) const {
  return forwards ? has(window.end) : has(window.begin - 1);
}

std::optional<ColumnWalk::Sight> StridePredictor::sight_of(const ColumnWalk& walk) const {
  const PageRange window = asked_.front();
  if (is_cut_ahead(window, walk.is_forwards())) return std::nullopt;
  if (read_around_.is_whole(window) && before(window, walk.is_forwards())) return std::nullopt;
  const auto page = read_around_.touched(window, walk.is_forwards());
  if (!page || !walk.meets(*page)) return std::nullopt;
  if (is_joined_ && has(*page)) return std::nullopt;  // one of those that were not asked for
  return ColumnWalk::Sight{window, *page};
}

std::optional<Push> StridePredictor::follow(Walks::iterator walk, const ColumnWalk::Sight& sight) {
  std::rotate(walks_.begin(), walk, walk + 1);
  ColumnWalk& seen = *walks_.front();
  seen.follow(sight);
  if (seen.succeeded()) failures_ = pause_ = 0;
  if (!seen.failed()) return seen.push();
  drop(walks_.begin());
  return std::nullopt;
}

// Until he has succeeded there is none: somebody else's requests may have looked like his.
std::optional<Push> StridePredictor::add(ColumnWalk walk) {
  for (const auto& known : walks_) {
    if (known) walk.continue_beside(*known);
  }
  if (walk.failed()) return std::nullopt;
  std::rotate(walks_.begin(), walks_.end() - 1, walks_.end());
  walks_.front() = walk;
  fail();
  return walks_.front()->push();
}

void StridePredictor::drop(Walks::iterator walk) {
  std::rotate(walk, walk + 1, walks_.end());
  walks_.back().reset();
  fail();
}

void StridePredictor::fail() {
  if (always_) return;
  pause_ = kFirstPause << std::min(failures_, kMostDoublings);
  ++failures_;
}

std::optional<ColumnWalk> StridePredictor::find_new(PageRange asked, bool forwards) const {
  // A single page costs less to ask for than to push.
  if ((asked.count() == 1 && !always_) || is_cut_ahead(asked, forwards)) return std::nullopt;
  const auto second = before(asked, forwards);
  if (!second) return find_rows_apart(asked, forwards);
  if (!read_around_.is_whole(asked)) return find_hidden_rows(asked, forwards);
  const auto first = before(*second, forwards);
  return first ? find_rows_like_windows(*first, *second, asked, forwards) : std::nullopt;
}

/// Three requests at equal distances, among those of other readers. None may adjoin another: the requests of
/// a reader from end to end overtake each other on their way through the daemon's threads, and every second
/// or third of his looks like a column then.
std::optional<ColumnWalk> StridePredictor::find_rows_apart(PageRange asked, bool forwards) const {
  const auto edge = [forwards](PageRange range) { return forwards ? range.end : -range.begin; };
  for (auto second = asked_.begin(); second != asked_.end(); ++second) {
    const Index step = edge(asked) - edge(*second);
    if (step * kPage < least_step_) continue;
    const bool are_windows_apart = step % read_around_.window == 0;
    if (are_windows_apart && (adjoins_another(asked) || adjoins_another(*second))) continue;
    for (auto first = second + 1; first != asked_.end(); ++first) {
      if (std::abs(edge(*second) - edge(*first) - step) > 1) continue;
      if (are_windows_apart && adjoins_another(*first)) continue;
      const auto seen = sights(*first, *second, asked, forwards);
      if (!seen) continue;
      if (auto walk = begin_rows_apart(*seen)) return walk;
    }
  }
  return std::nullopt;
}

std::optional<ColumnWalk> StridePredictor::begin_rows_apart(const Sights& sights) const {
  const Index total = (sights[2].page - sights[0].page) * kPage;
  for (const Index stride : strides_) {
    const Index step = rounded_quotient(std::abs(total), 2 * stride) * stride;
    if (step < least_step_ || std::abs(std::abs(total) - 2 * step) > kPage) continue;
    if (auto walk = ColumnWalk::begin(total < 0 ? -step : step, sights, {0, 1, 2}, file_size_)) return walk;
  }
  return std::nullopt;
}

/// Three requests for parts of windows: the reader came from within the windows before them. Other requests
/// may stand between them, for the kernel reads ahead when it takes such a reader for one from end to end.
std::optional<ColumnWalk> StridePredictor::find_hidden_rows(PageRange asked, bool forwards) const {
  for (auto second = asked_.begin(); second != asked_.end(); ++second) {
    for (auto first = second + 1; first != asked_.end(); ++first) {
      if (read_around_.is_whole(*first) || read_around_.is_whole(*second)) continue;
      const auto seen = sights(*first, *second, asked, forwards);
      if (!seen) continue;
      if (auto walk = begin_hidden_rows(*seen)) return walk;
    }
  }
  return std::nullopt;
}

std::optional<ColumnWalk> StridePredictor::begin_hidden_rows(const Sights& sights) const {
  const Index sign = sights[2].page < sights[0].page ? -1 : 1;
  const Index to_second = (sights[1].page - sights[0].page) * sign * kPage;
  const Index to_third = (sights[2].page - sights[0].page) * sign * kPage;
  for (auto stride = strides_.rbegin(); stride != strides_.rend(); ++stride) {
    if (*stride < least_step_ || *stride > read_around_.window * kPage) continue;
    const std::array<Index, 3> rows = {0, rounded_quotient(to_second, *stride),
                                       rounded_quotient(to_third, *stride)};
    if (rows[1] < 1 || rows[2] <= rows[1]) continue;
    if (auto walk = ColumnWalk::begin(sign * *stride, sights, rows, file_size_)) return walk;
  }
  return std::nullopt;
}

/// Three whole windows that adjoin. Towards the file's beginning only the reader of a column gets them: the
/// windows of one from end to end are cut by those before.
std::optional<ColumnWalk> StridePredictor::find_rows_like_windows(PageRange first, PageRange second,
                                                                  PageRange third, bool forwards) const {
  if (forwards && whole_ < kWholeBeforeTrial) return std::nullopt;
  const auto seen = sights(first, second, third, forwards);
  if (!seen) return std::nullopt;
  const Index window = read_around_.window * kPage;
  for (const Index stride : strides_) {
    const Index rows = rounded_quotient(window, stride);
    if (stride < least_step_ || rows < 1 || (forwards && rows > 1)) continue;
    if (std::abs(rows * stride - window) > kPage) continue;
    auto walk = ColumnWalk::begin(forwards ? stride : -stride, *seen, {0, rows, 2 * rows}, file_size_);
    if (!walk) continue;
    if (forwards) walk->begin_on_trial();
    return walk;
  }
  return std::nullopt;
}

std::optional<StridePredictor::Sights> StridePredictor::sights(PageRange first, PageRange second,
                                                               PageRange third, bool forwards) const {
  Sights result = {{{first}, {second}, {third}}};
  for (ColumnWalk::Sight& sight : result) {
    const auto page = read_around_.touched(sight.asked, forwards);
    if (!page) return std::nullopt;
    sight.page = *page;
  }
  return result;
}

/// The request remembered that ended where this one begins, in the reader's direction.
std::optional<PageRange> StridePredictor::before(PageRange asked, bool forwards) const {
  for (const PageRange& other : asked_) {
    if (other.count() > 0 && (forwards ? other.end == asked.begin : other.begin == asked.end)) return other;
  }
  return std::nullopt;
}

/// One of the requests remembered begins where this one ends, or the other way round.
bool StridePredictor::adjoins_another(PageRange asked) const {
  return before(asked, true).has_value() || before(asked, false).has_value();
}

}  // namespace ndcat
