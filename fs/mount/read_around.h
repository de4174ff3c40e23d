// ReadAround: which page a reader of a memory map has touched, told from what the kernel asks for.
//
// For a page that is not in its cache, the kernel asks for a window around it: half of the read-ahead before
// the page, half from the page on (do_sync_mmap_readahead() in Linux). What it has of the window already it
// leaves out. For a map that was advised to expect random access, and for a small pread, it asks for single
// pages.
#pragma once

#include <optional>

#include "fs/mount/column.h"

namespace ndcat {

struct ReadAround {
  Index window = 0;      // pages
  Index file_pages = 0;  // that the file has

  /// The page that was touched, if the pages asked for can be such a window, cut at most on the side from
  /// which the reader comes: its beginning for one who walks forwards. Nothing: they cannot, or do not tell.
  [[nodiscard]] std::optional<Index> touched(PageRange asked, bool forwards) const {
    if (asked.count() == 1) return asked.begin;
    // A window is cut at the ends of the file, too.
    if (asked.begin == 0 || (forwards && asked.end == file_pages)) return std::nullopt;
    const Index page = forwards ? asked.end - (window - window / 2) : asked.begin + window / 2;
    return asked.count() <= window && asked.contains(page) ? std::optional(page) : std::nullopt;
  }

  /// All of a window, or so much of it as is read ahead of a reader from end to end: that is cut to end at a
  /// multiple of four pages.
  [[nodiscard]] bool is_whole(PageRange asked) const { return asked.count() + 3 >= window; }
};

}  // namespace ndcat
