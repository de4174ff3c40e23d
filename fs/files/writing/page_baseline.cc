#include "fs/files/writing/page_baseline.h"

#include <unistd.h>

#include <algorithm>
#include <cstring>

namespace ndcat {
namespace {

// What is given up at once: enough that few requests do it all, little enough that nobody waits long.
constexpr Index kMostPagesAtOnce = 256;

}  // namespace

Index PageBaseline::page_size() {
  static const Index size = ::sysconf(_SC_PAGESIZE);
  return size;
}

PageBaseline::PageBaseline()
    : page_size_(page_size()),
      memory_({.max_blocks_per_chunk = kMostPagesAtOnce, .largest_required_pool_block = page_bytes()}) {}

void PageBaseline::remember_range(Index first, Index last) {
  if (!order_.empty()) {
    Range& newest = order_.back();
    if (newest.begin + newest.length == first && last - newest.begin <= kMostPagesAtOnce) {
      newest.length = last - newest.begin;
      return;
    }
  }
  order_.push_back({first, last - first});
}

void PageBaseline::put_locked(Index offset, std::span<const std::byte> bytes, Nanoseconds read_at) {
  const auto size = static_cast<std::size_t>(page_size_);
  Index number = offset / page_size_, new_since = number;
  for (; !bytes.empty(); ++number) {
    const auto part = bytes.first(std::min(size, bytes.size()));
    bytes = bytes.subspan(part.size());
    Page& page = pages_[number];
    if (page.bytes == nullptr) {
      page.bytes = {static_cast<std::byte*>(memory_.allocate(size)), GiveBack{this}};
    } else {
      if (new_since < number) remember_range(new_since, number);
      new_since = number + 1;
    }
    std::memcpy(page.bytes.get(), part.data(), part.size());
    page.length = part.size();
    page.time = time_;
    page.read_at = std::max(page.read_at, read_at);
  }
  if (new_since < number) remember_range(new_since, number);
}

void PageBaseline::put(Index offset, std::span<const std::byte> bytes) {
  const std::lock_guard lock(mutex_);
  ++time_;
  put_locked(offset, bytes, 0);
}

void PageBaseline::put_read(Index offset, std::span<const std::byte> bytes, Nanoseconds now) {
  const std::lock_guard lock(mutex_);
  ++time_;
  put_locked(offset, bytes, now);
}

void PageBaseline::patch_locked(Index offset, std::span<const std::byte> bytes) {
  if (std::ssize(bytes) == page_size_) return put_locked(offset, bytes, 0);
  const auto found = pages_.find(offset / page_size_);
  if (found == pages_.end()) return;
  Page& page = found->second;
  const auto begin = static_cast<std::size_t>(offset % page_size_);
  if (begin <= page.length) {
    std::memcpy(page.bytes.get() + begin, bytes.data(), bytes.size());
    page.length = std::max(page.length, begin + bytes.size());
  }
  page.time = time_;
}

PageBaseline::Doubt PageBaseline::patch(Index offset, std::span<const std::byte> bytes, Nanoseconds opened) {
  const std::lock_guard lock(mutex_);
  const Nanoseconds since = std::max(opened, answered_at_);
  Doubt doubt{{}, ++time_};
  while (!bytes.empty()) {
    const auto left = static_cast<std::size_t>(page_size_ - offset % page_size_);
    const auto part = bytes.first(std::min(left, bytes.size()));
    const auto found = pages_.find(offset / page_size_);
    if (found != pages_.end() && found->second.read_at >= since) {
      doubt.parts.push_back({offset, std::ssize(part)});
    } else {
      patch_locked(offset, part);
    }
    offset += std::ssize(part);
    bytes = bytes.subspan(part.size());
  }
  return doubt;
}

PageBaseline::Doubt PageBaseline::doubt_all(Index offset, std::span<const std::byte> bytes) {
  const std::lock_guard lock(mutex_);
  Doubt doubt{{}, time_};
  const Index end = offset + std::ssize(bytes);
  while (offset < end) {
    const Index next = std::min(offset - offset % page_size_ + page_size_, end);
    if (pages_.contains(offset / page_size_)) doubt.parts.push_back({offset, next - offset});
    offset = next;
  }
  return doubt;
}

void PageBaseline::note_answer(Nanoseconds now) {
  const std::lock_guard lock(mutex_);
  answered_at_ = std::max(answered_at_, now);
}

Nanoseconds PageBaseline::answered_at() const {
  const std::lock_guard lock(mutex_);
  return answered_at_;
}

void PageBaseline::settle(Index offset, std::span<const std::byte> bytes, const Doubt& doubt) {
  const std::lock_guard lock(mutex_);
  const auto found = pages_.find(offset / page_size_);
  if (found == pages_.end() || found->second.time > doubt.time) return;
  ++time_;
  patch_locked(offset, bytes);
}

bool PageBaseline::get(Index offset, std::span<std::byte> out) const {
  const auto size = static_cast<std::size_t>(page_size_);
  const std::lock_guard lock(mutex_);
  while (!out.empty()) {
    const auto begin = static_cast<std::size_t>(offset % page_size_);
    const std::size_t length = std::min(size - begin, out.size());
    const auto found = pages_.find(offset / page_size_);
    if (found == pages_.end()) return false;
    const std::size_t known = std::clamp<std::size_t>(found->second.length, begin, begin + length) - begin;
    std::memcpy(out.data(), found->second.bytes.get() + begin, known);
    std::memset(out.data() + known, 0, length - known);  // as the kernel shows it behind the end of the file
    offset += static_cast<Index>(length);
    out = out.subspan(length);
  }
  return true;
}

std::size_t PageBaseline::size() const {
  const std::lock_guard lock(mutex_);
  return pages_.size() * static_cast<std::size_t>(page_size_);
}

PageBaseline::Range PageBaseline::begin_eviction() {
  const std::lock_guard lock(mutex_);
  eviction_time_ = time_;
  if (order_.empty()) return {};
  return {order_.front().begin * page_size_, order_.front().length * page_size_};
}

void PageBaseline::end_eviction(const Range& range) {
  const std::lock_guard lock(mutex_);
  const Index first = range.begin / page_size_, last = first + range.length / page_size_;
  // The newest range grows; what it has taken up since stays.
  Range& oldest = order_.front();
  const Index grown_from = last, grown_to = oldest.begin + oldest.length;
  order_.pop_front();
  if (grown_from < grown_to) order_.push_front({grown_from, grown_to - grown_from});
  for (Index number = first; number < last; ++number) {
    const auto found = pages_.find(number);
    if (found == pages_.end()) continue;
    if (found->second.time > eviction_time_) {
      remember_range(number, number + 1);
    } else {
      pages_.erase(found);
    }
  }
}

}  // namespace ndcat
