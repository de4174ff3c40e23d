#include "fs/mount/column_walk.h"

#include <algorithm>
#include <cstdlib>

namespace ndcat {
namespace {

constexpr Index kFirstPush = 8;  // rows
constexpr Index kTrialPush = 2;
constexpr Index kLargestPush = 128;  // pages: a reader waits for them, about half a millisecond
// What may be pushed of each row: so many pages, and one in so many of the row's.
constexpr Index kMostPages = 4, kLeastRatio = 4;
constexpr Index kMostPagesBeside = 16, kLeastRatioBeside = 8;

}  // namespace

ColumnWalk::ColumnWalk(Column column, Index file_size)
    : column_(column), rows_(column.rows(file_size)), ahead_(kFirstPush) {}

std::optional<ColumnWalk> ColumnWalk::begin(Index step, const std::array<Sight, 3>& sights,
                                            const std::array<Index, 3>& rows, Index file_size) {
  const Index first = sights[0].page * kPage;
  Column column{first, first + kPage - 1, step};
  if (!column.narrow(rows[1], sights[1].page) || !column.narrow(rows[2], sights[2].page)) return std::nullopt;
  ColumnWalk walk(column, file_size);
  walk.seen_row_ = rows[2];
  walk.seen_asked_ = sights[2].asked;
  return walk;
}

void ColumnWalk::begin_on_trial() { ahead_ = kTrialPush; }

bool ColumnWalk::has(Index page) const {
  const Column::Place place = column_.nearest(page);
  return place.distance == 0 && place.row >= 0 && place.row < pushed_end_;
}

bool ColumnWalk::meets(Index page) const {
  const Column::Place place = column_.nearest(page);
  // He reads on from the page that was pushed.
  if (place.distance == 1) return place.row >= pushed_begin_ && place.row < pushed_end_;
  if (place.distance != 0) return false;
  const Index kernels_own = pushed_begin_ - seen_row_;  // rows that half a window serves
  return place.row >= seen_row_ && place.row <= pushed_end_ + 3 * kernels_own;
}

void ColumnWalk::judge(Index row) {
  if (row < pushed_end_) {
    ++useless_;
    ahead_ = std::max(kTrialPush, ahead_ / 2);
    return;
  }
  useless_ = 0;
  succeeded_ = true;
  ahead_ *= 2;
}

void ColumnWalk::widen(Index row, Index page) {
  ++useless_;
  is_widened_ = true;
  column_.widen(row, page);
  check_width(kMostPages, kLeastRatio);
}

void ColumnWalk::check_width(Index most_pages, Index least_ratio) {
  const Index pages = column_.pages(seen_row_).count();
  is_wide_ = pages > most_pages || pages * least_ratio * kPage > std::abs(column_.step);
}

void ColumnWalk::continue_beside(const ColumnWalk& earlier) {
  const Index first = column_.pages(0).begin;
  const Column::Place place = earlier.column_.nearest(first);
  if (!earlier.succeeded_ || earlier.column_.step != column_.step || std::abs(place.distance) > 1) return;
  const Index pages = std::min(kMostPagesBeside, 2 * earlier.column_.pages(place.row).count());
  column_.widen(0, place.distance >= 0 ? first + pages - 1 : first - pages + 1);
  is_widened_ = true;
  check_width(kMostPagesBeside, kLeastRatioBeside);
}

void ColumnWalk::follow(const Sight& sight) {
  const Column::Place place = column_.nearest(sight.page);
  if (place.distance != 0) {
    widen(place.row, sight.page);
  } else {
    judge(place.row);
    if (!is_widened_) column_.narrow(place.row, sight.page);
  }
  seen_row_ = place.row;
  seen_asked_ = sight.asked;
}

std::optional<Push> ColumnWalk::push() {
  const auto is_asked = [this](Index row) {
    const PageRange pages = column_.pages(row);
    return is_forwards() ? pages.begin < seen_asked_.end : pages.end > seen_asked_.begin;
  };
  pushed_begin_ = seen_row_ + 1;
  while (pushed_begin_ < rows_ && is_asked(pushed_begin_)) ++pushed_begin_;
  ahead_ = std::min(ahead_, kLargestPush / column_.pages(seen_row_).count());
  pushed_end_ = std::min(rows_, pushed_begin_ + ahead_);
  if (failed() || pushed_begin_ >= pushed_end_) return std::nullopt;
  return Push{column_, pushed_begin_, pushed_end_};
}

}  // namespace ndcat
