// Column: what somebody touches of a file who walks down a column of an array: a few bytes of each row.
#pragma once

#include "core/index.h"

namespace ndcat {

/// The only size of a page for which columns are followed.
inline constexpr Index kPage = 4096;

/// Pages of a file by their number, half-open.
struct PageRange {
  Index begin = 0, end = 0;

  [[nodiscard]] Index count() const { return end - begin; }
  [[nodiscard]] bool contains(Index page) const { return page >= begin && page < end; }
};

/// The bytes from `low` to `high` (inclusive) of row 0, in row 1 those `step` bytes further, and so on;
/// `step` is negative for one who walks towards the file's beginning, and at least two pages long. As long as
/// it is not known exactly where in the row the column lies, the bytes are all those where it may lie.
struct Column {
  Index low = 0, high = 0;
  Index step = 0;

  /// The rows from 0 on that begin within a file of so many bytes. Row numbers below and of the functions
  /// after it lie within them.
  [[nodiscard]] Index rows(Index file_size) const;
  [[nodiscard]] PageRange pages(Index row) const;

  /// A row, and how many pages a page lies before (negative) or behind (positive) what it touches.
  struct Place {
    Index row = 0;
    Index distance = 0;
  };
  [[nodiscard]] Place nearest(Index page) const;

  /// Learns that row `row` touches `page`, where it touches one page only: leaves of the bytes those that lie
  /// in it. False, and nothing changed, when none does.
  bool narrow(Index row, Index page);
  /// Learns that row `row` touches `page` as well.
  void widen(Index row, Index page);
};

}  // namespace ndcat
