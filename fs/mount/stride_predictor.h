// StridePredictor: recognises, in what the kernel asks for of one open file, readers who walk down a column
// of the array through a memory map, and says which pages they will touch next.
//
// - Rows may be so long that the kernel's window around a page serves one row alone. Then the requests are
//   one step apart, a multiple of one of the array's strides.
// - Or the window serves a few rows. Then the requests adjoin, as those of a reader from end to end do; but
//   some are shorter than a window, and the pages that were touched fit a column of the array.
// - Or rows are just as long as a window. Then a reader from end to end looks the same, and two pages are put
//   ahead on trial: only the reader of a column leaves out what lies before them.
// - A reader from end to end gets nothing pushed, for whole windows serve him better.
//
// Its memory is bounded, it allocates nothing, and until a push was of use it looks for no other walk for a
// while, each time for longer. Not thread-safe.
#pragma once

#include <array>
#include <optional>
#include <span>
#include <vector>

#include "fs/mount/column_walk.h"
#include "fs/mount/read_around.h"

namespace ndcat {

class StridePredictor {
 public:
  /// Of an open file: the strides of its array in bytes, of which those too short to gain from it are left
  /// out; its size in bytes; how many pages the kernel reads around a page that is touched. `always`: also
  /// where nothing is gained, and however often it was of no use.
  StridePredictor(std::span<const Index> strides, Index file_size, Index window, bool always = false);

  /// False when no column of this file can ever be followed.
  [[nodiscard]] bool is_of_use() const { return !strides_.empty(); }

  /// The kernel asks for `size` bytes from `offset` on. What should be pushed before it gets them.
  std::optional<Push> on_read(Index offset, Index size);

 private:
  static constexpr std::size_t kMostWalks = 4;
  using Walks = std::array<std::optional<ColumnWalk>, kMostWalks>;
  using Sights = std::array<ColumnWalk::Sight, 3>;

  [[nodiscard]] bool has(Index page) const;
  [[nodiscard]] bool is_cut_ahead(PageRange window, bool forwards) const;
  void join_or_remember(PageRange asked);
  [[nodiscard]] std::optional<ColumnWalk::Sight> sight_of(const ColumnWalk& walk) const;
  std::optional<Push> follow(Walks::iterator walk, const ColumnWalk::Sight& sight);
  [[nodiscard]] std::optional<ColumnWalk> find_new(PageRange asked, bool forwards) const;
  [[nodiscard]] std::optional<ColumnWalk> find_rows_apart(PageRange asked, bool forwards) const;
  [[nodiscard]] std::optional<ColumnWalk> begin_rows_apart(const Sights& sights) const;
  [[nodiscard]] std::optional<ColumnWalk> find_hidden_rows(PageRange asked, bool forwards) const;
  [[nodiscard]] std::optional<ColumnWalk> begin_hidden_rows(const Sights& sights) const;
  [[nodiscard]] std::optional<ColumnWalk> find_rows_like_windows(PageRange first, PageRange second,
                                                                 PageRange third, bool forwards) const;
  [[nodiscard]] std::optional<Sights> sights(PageRange first, PageRange second, PageRange third,
                                             bool forwards) const;
  [[nodiscard]] std::optional<PageRange> before(PageRange asked, bool forwards) const;
  [[nodiscard]] bool adjoins_another(PageRange asked) const;
  std::optional<Push> add(ColumnWalk walk);
  void drop(Walks::iterator walk);
  void fail();

  static constexpr std::size_t kRemembered = 8;

  std::vector<Index> strides_;  // from the longest to the shortest
  const Index file_size_;
  const bool always_;
  const Index least_step_;  // bytes
  const ReadAround read_around_;
  std::array<PageRange, kRemembered> asked_{};  // the last one first
  bool is_joined_ = false;                      // asked_.front() was several requests
  Walks walks_;                                 // the one seen last first
  int whole_ = 0;                               // adjoining windows just seen, one after the other
  int failures_ = 0;                            // without a success between them
  int pause_ = 0;                               // requests in which no new walk is looked for
};

}  // namespace ndcat
