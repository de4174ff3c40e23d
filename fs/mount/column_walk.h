// ColumnWalk: one reader on his way down a column, and how far ahead of him pages should be put.
//
// All that is ever seen of him are the pages that the kernel did not have. While the pages that are put ahead
// are the ones that he touches, he is seen next behind the last of them, and then gets twice as many. When he
// is seen where pages have been put already, they were not the right ones, or did not stay.
#pragma once

#include <array>
#include <optional>

#include "fs/mount/column.h"

namespace ndcat {

/// Pages to put into the kernel's cache: those that the rows [begin, end) of the column touch. All rows begin
/// in the file; the last pages may lie beyond its end.
struct Push {
  Column column;
  Index begin = 0, end = 0;
};

class ColumnWalk {
 public:
  /// What the kernel asked for, and the page that the reader had touched.
  struct Sight {
    PageRange asked;
    Index page = 0;
  };

  /// A reader who was seen at row 0, rows[1] and rows[2] of a column with this step; nothing when no column
  /// with this step has those pages.
  static std::optional<ColumnWalk> begin(Index step, const std::array<Sight, 3>& sights,
                                         const std::array<Index, 3>& rows, Index file_size);
  /// The first push is to be as small as can be: it may be a reader of another kind.
  void begin_on_trial();

  /// Where `earlier` walked down the column beside this one, more columns will probably follow: twice as many
  /// pages of each row are to be pushed as for him.
  void continue_beside(const ColumnWalk& earlier);

  [[nodiscard]] bool is_forwards() const { return column_.step > 0; }
  /// The page is one of those that he has touched or that were pushed for him.
  [[nodiscard]] bool has(Index page) const;
  /// Whether it is probably he who touched the page, not having found it in the cache.
  [[nodiscard]] bool meets(Index page) const;
  /// He was seen again. Precondition: meets(sight.page).
  void follow(const Sight& sight);
  /// What is to be pushed after begin() or follow(): ahead of where he was seen last.
  std::optional<Push> push();

  /// Pages that were pushed have been of use.
  [[nodiscard]] bool succeeded() const { return succeeded_; }
  /// Nothing more should be pushed for him.
  [[nodiscard]] bool failed() const { return useless_ >= kMostUseless || is_wide_; }

 private:
  static constexpr int kMostUseless = 3;

  ColumnWalk(Column column, Index file_size);
  void judge(Index row);
  void widen(Index row, Index page);
  void check_width(Index most_pages, Index least_ratio);

  Column column_;
  Index rows_;                               // of the column, within the file
  Index seen_row_ = 0;                       // where he was seen last
  PageRange seen_asked_;                     // and what the kernel asked for there
  Index pushed_begin_ = 0, pushed_end_ = 0;  // rows of the last push
  Index ahead_;                              // rows of the next push
  int useless_ = 0;                          // pushes, since one was of use
  bool succeeded_ = false;
  bool is_widened_ = false;  // he touches more than one place of each row
  bool is_wide_ = false;     // and so much that a window around it serves him better
};

}  // namespace ndcat
