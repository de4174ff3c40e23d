// PageBaseline: what the kernel's page cache was given of one virtual file, page by page, while the file is
// open for writing through maps.
//
// A map that was stored to comes back as whole pages, with everything in them that was not stored to, as it
// was when the page was read. The sources may hold other bytes there by now. So what a page showed is kept,
// and of a page that comes back only those bytes are written that are no longer what it showed. (A store of
// the value that the page shows already cannot be told from none; it changes nothing.)
//
// Law: while a page is in the kernel's cache and can be stored to, its baseline is here, and is what the page
// would be without stores. So put() what a page is read as before the answer is given, and whatever comes
// back or is written through the cache; bytes that go past the cache (direct reads and writes) never.
//
// The kernel puts bytes that are written into a page that it has, and only then asks for them to be written.
// It may take long to do so (it waits for the memory that they come from, and for pages under writeback), and
// an open() may make it drop the page in between and read it once more, as it was before: then the page does
// not show them. It does this for one write() of a file at a time, under the inode's lock
// (fuse_perform_write() in the kernel). So a page that was read before the last answer to such a write, or
// before the writer's open(), was read before the bytes of this one came into it; of one that was read since
// nothing is certain. Such a page keeps its baseline until somebody has looked at it; see PageInspector.
//
// Thread-safe.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <memory_resource>
#include <mutex>
#include <shared_mutex>
#include <span>
#include <unordered_map>
#include <vector>

#include "core/index.h"
#include "fs/files/file_identity.h"

namespace ndcat {

class PageBaseline {
 public:
  /// A part of the file, in bytes.
  struct Range {
    Index begin = 0, length = 0;
  };

  /// What is not certain of a write.
  struct Doubt {
    std::vector<Range> parts;  // of the write, in bytes: in each page one at most
    std::uint64_t time = 0;    // at which it was not certain
  };

  PageBaseline();

  /// Pages that came back: so the kernel has them. `offset` is that of a page; the last page may be cut by
  /// the end of the file.
  void put(Index offset, std::span<const std::byte> bytes);
  /// Pages that are about to be given out, `now` (monotonic clock).
  void put_read(Index offset, std::span<const std::byte> bytes, Nanoseconds now);
  /// Bytes that were written through the cache: whole pages are in it from now on; others only change what is
  /// there, and go on where the end of the file cuts the last page. But pages that were given out since the
  /// writer's open(), at `opened` (monotonic clock), and since the last answer to a write may not show them,
  /// and are left as they are.
  [[nodiscard]] Doubt patch(Index offset, std::span<const std::byte> bytes, Nanoseconds opened);
  /// As if all of such a write were doubtful; parts of pages that are not known are left out.
  [[nodiscard]] Doubt doubt_all(Index offset, std::span<const std::byte> bytes);
  /// A write through the cache is about to be answered, `now` (monotonic clock).
  void note_answer(Nanoseconds now);
  /// When that was last; 0: never.
  [[nodiscard]] Nanoseconds answered_at() const;
  /// One of the doubtful parts: its page was found to show these bytes. It is left as it is when it was put
  /// once more since.
  void settle(Index offset, std::span<const std::byte> bytes, const Doubt& doubt);
  /// Fills `out`, with zeros behind the end of the file as the kernel shows it; false when not all of it is
  /// known.
  [[nodiscard]] bool get(Index offset, std::span<std::byte> out) const;

  /// To be held from get() to put() of pages that come back, from reading to the answer after put_read(),
  /// from writing bytes through the cache to their patch(), and for settle(). The kernel puts bytes into a
  /// page before it asks for them to be written; so the page may come back with them, and must not write them
  /// once more after the request for them was answered, when somebody may have changed them again.
  [[nodiscard]] std::shared_lock<std::shared_mutex> lock_for_pages() {
    return std::shared_lock(order_mutex_);
  }
  [[nodiscard]] std::unique_lock<std::shared_mutex> lock_for_bytes() {
    return std::unique_lock(order_mutex_);
  }

  /// Bytes held.
  [[nodiscard]] std::size_t size() const;
  /// For somebody who then makes the kernel give up the oldest pages: which they are; a length of 0 when
  /// there are none. Stores to them come back while the kernel does so, and find their baseline still here.
  [[nodiscard]] Range begin_eviction();
  /// After the kernel has given them up: forgets them, but for those that it has read again since.
  void end_eviction(const Range& range);

  [[nodiscard]] static Index page_size();

 private:
  struct GiveBack {
    PageBaseline* owner;
    void operator()(std::byte* page) const { owner->memory_.deallocate(page, owner->page_bytes()); }
  };
  struct Page {
    std::unique_ptr<std::byte, GiveBack> bytes;
    std::size_t length = 0;
    std::uint64_t time = 0;   // of the last put()
    Nanoseconds read_at = 0;  // monotonic: when it was given out last; 0: never
  };

  /// Precondition of these: mutex_ is held.
  void put_locked(Index offset, std::span<const std::byte> bytes, Nanoseconds read_at);
  /// Bytes within one page.
  void patch_locked(Index offset, std::span<const std::byte> bytes);
  void remember_range(Index first, Index last);
  [[nodiscard]] std::size_t page_bytes() const { return static_cast<std::size_t>(page_size_); }

  const Index page_size_;
  std::shared_mutex order_mutex_;  // taken before mutex_
  mutable std::mutex mutex_;
  std::pmr::unsynchronized_pool_resource memory_;  // of pages
  std::unordered_map<Index, Page> pages_;
  std::deque<Range> order_;  // in page numbers: every page is in one, the oldest first
  std::uint64_t time_ = 0;
  std::uint64_t eviction_time_ = 0;
  Nanoseconds answered_at_ = 0;
};

}  // namespace ndcat
