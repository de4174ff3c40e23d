// PageCacheModel: what Linux's page cache asks a file system for while somebody reads through a memory map
// (do_sync_mmap_readahead(), page_cache_async_ra() and page_cache_ra_unbounded() of mm/, version 6.18).
#pragma once

#include <algorithm>
#include <cstddef>
#include <functional>
#include <utility>
#include <vector>

#include "fs/mount/column.h"

namespace ndcat {

class PageCacheModel {
 public:
  /// `on_request` is called before the reader goes on, as the file system answers a request.
  PageCacheModel(Index file_pages, Index window, std::function<void(PageRange)> on_request)
      : file_pages_(file_pages),
        window_(window),
        on_request_(std::move(on_request)),
        cached_(static_cast<std::size_t>(file_pages)),
        markers_(static_cast<std::size_t>(file_pages)) {}

  void touch(Index page) {
    if (!has(page)) {
      start_ = std::max<Index>(0, page - window_ / 2);
      size_ = std::max<Index>(1, window_);
      async_size_ = window_ / 4;
      read_ahead();
    } else if (markers_[index(page)]) {
      markers_[index(page)] = false;
      start_ = page == start_ + size_ - async_size_ ? start_ + size_ : next_missing(page);
      const Index end = start_ + window_;
      size_ = async_size_ = std::max(end - end % kAlignment, start_ + 1) - start_;
      read_ahead();
    }
  }

  /// As fuse_notify_store() does.
  void store(Index page) {
    cached_[index(page)] = true;
    ++stored_;
  }
  [[nodiscard]] bool has(Index page) const { return cached_[index(page)]; }
  [[nodiscard]] int requests() const { return requests_; }
  [[nodiscard]] Index asked() const { return asked_; }  // pages
  [[nodiscard]] int stored() const { return stored_; }

 private:
  static constexpr Index kAlignment = 4;  // of the end of what is read ahead of a marker

  static std::size_t index(Index page) { return static_cast<std::size_t>(page); }
  Index next_missing(Index page) const {
    while (page < file_pages_ && has(page)) ++page;
    return page;
  }

  // Pages that are there split the window into several requests.
  void read_ahead() {
    const Index end = std::min(start_ + size_, file_pages_), mark = start_ + size_ - async_size_;
    for (Index page = start_; page < end;) {
      PageRange run{page, page};
      for (; run.end < end && !has(run.end); ++run.end) {
        cached_[index(run.end)] = true;
        if (run.end == mark && async_size_ > 0) markers_[index(mark)] = true;
      }
      page = run.end + 1;
      if (run.count() == 0) continue;
      ++requests_;
      asked_ += run.count();
      on_request_(run);
    }
  }

  const Index file_pages_, window_;
  const std::function<void(PageRange)> on_request_;
  std::vector<bool> cached_, markers_;
  Index start_ = 0, size_ = 0, async_size_ = 0;
  int requests_ = 0, stored_ = 0;
  Index asked_ = 0;
};

}  // namespace ndcat
