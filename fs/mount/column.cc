#include "fs/mount/column.h"

#include <algorithm>
#include <cstdlib>

namespace ndcat {
namespace {

Index floor_div(Index a, Index b) {
  const Index quotient = a / b;
  return a % b != 0 && (a < 0) != (b < 0) ? quotient - 1 : quotient;
}

Index distance_to(PageRange pages, Index page) {
  if (page < pages.begin) return page - pages.begin;
  return page < pages.end ? 0 : page - pages.end + 1;
}

}  // namespace

Index Column::rows(Index file_size) const {
  const Index room = step > 0 ? file_size - 1 - low : low;
  return room < 0 ? 0 : room / std::abs(step) + 1;
}

PageRange Column::pages(Index row) const {
  return {floor_div(low + row * step, kPage), floor_div(high + row * step, kPage) + 1};
}

Column::Place Column::nearest(Index page) const {
  const Index row = floor_div(page * kPage - low, step);
  const Index here = distance_to(pages(row), page), next = distance_to(pages(row + 1), page);
  return std::abs(here) <= std::abs(next) ? Place{row, here} : Place{row + 1, next};
}

bool Column::narrow(Index row, Index page) {
  const Index begin = page * kPage - row * step;
  const Index new_low = std::max(low, begin), new_high = std::min(high, begin + kPage - 1);
  if (new_low > new_high) return false;
  low = new_low;
  high = new_high;
  return true;
}

void Column::widen(Index row, Index page) {
  const Index begin = page * kPage - row * step;
  low = std::min(low, begin + kPage - 1);
  high = std::max(high, begin);
}

}  // namespace ndcat
