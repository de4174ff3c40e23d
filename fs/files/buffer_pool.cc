#include "fs/files/buffer_pool.h"

#include <sys/mman.h>

#include <algorithm>
#include <cstdint>

#include "fs/files/clocks.h"

namespace ndcat {
namespace {

constexpr std::size_t kPage = 4096;
constexpr std::size_t kHugePage = std::size_t{2} << 20;
constexpr std::size_t kWorthHugePages = std::size_t{1} << 20;

std::size_t rounded_up(std::size_t size, std::size_t unit) { return (size + unit - 1) / unit * unit; }

/// What a buffer of `size` bytes takes from the system.
std::size_t footprint(std::size_t size) {
  return rounded_up(size, size >= kWorthHugePages ? kHugePage : kPage);
}

std::span<std::byte> map_pages(std::size_t size) {
  void* const mapped =
      ::mmap(nullptr, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (mapped == MAP_FAILED) return {};
  return {static_cast<std::byte*>(mapped), size};
}

// Huge pages are aligned to their size: one more is mapped, and the ends cut off.
std::span<std::byte> map_huge_pages(std::size_t size) {
  const std::span<std::byte> mapped = map_pages(size + kHugePage);
  if (mapped.empty()) return {};
  const auto address = reinterpret_cast<std::uintptr_t>(mapped.data());
  const std::size_t before = rounded_up(address, kHugePage) - address;
  if (before > 0) ::munmap(mapped.data(), before);
  const std::span<std::byte> aligned = mapped.subspan(before, size);
  ::munmap(aligned.data() + size, kHugePage - before);
  ::madvise(aligned.data(), size, MADV_HUGEPAGE);
  return aligned;
}

void unmap(std::span<std::byte> memory) {
  if (!memory.empty()) ::munmap(memory.data(), memory.size());
}

}  // namespace

BufferPool::Buffer::~Buffer() {
  if (memory_.empty()) return;
  if (owner_ != nullptr) {
    owner_->give_back(memory_);
  } else {
    unmap(memory_);
  }
}

BufferPool::~BufferPool() {
  for (const Spare& spare : spare_) unmap(spare.memory);
}

BufferPool::Buffer BufferPool::apart(std::size_t size) {
  return {nullptr, map_pages(rounded_up(size, kPage))};
}

BufferPool::Buffer BufferPool::borrow(std::size_t size) {
  const std::size_t needed = footprint(size);
  {
    const std::lock_guard lock(mutex_);
    if (const std::span<std::byte> memory = take_spare(needed); !memory.empty()) return {this, memory};
    if (held_ + needed > limit_) return {};
    held_ += needed;
  }
  const std::span<std::byte> memory = needed >= kHugePage ? map_huge_pages(needed) : map_pages(needed);
  if (memory.empty()) {
    const std::lock_guard lock(mutex_);
    held_ -= needed;
  }
  return {this, memory};
}

/// A spare buffer of this size. When there is none but others stand in the way of a new one, those that came
/// back first go to the system.
std::span<std::byte> BufferPool::take_spare(std::size_t size) {
  const auto found = std::find_if(spare_.rbegin(), spare_.rend(),
                                  [&](const Spare& spare) { return spare.memory.size() == size; });
  if (found != spare_.rend()) {
    const std::span<std::byte> memory = found->memory;
    spare_.erase(std::next(found).base());
    return memory;
  }
  std::size_t lent = held_;
  for (const Spare& spare : spare_) lent -= spare.memory.size();
  if (lent + size > limit_) return {};
  while (held_ + size > limit_) {
    held_ -= spare_.front().memory.size();
    unmap(spare_.front().memory);
    spare_.erase(spare_.begin());
  }
  return {};
}

void BufferPool::give_back(std::span<std::byte> memory) {
  const Nanoseconds now = monotonic_clock();
  const std::lock_guard lock(mutex_);
  spare_.push_back({memory, now});
}

void BufferPool::trim(Nanoseconds time) {
  std::vector<Spare> old;
  {
    const std::lock_guard lock(mutex_);
    const auto young =
        std::find_if(spare_.begin(), spare_.end(), [&](const Spare& spare) { return spare.since >= time; });
    old.assign(spare_.begin(), young);
    spare_.erase(spare_.begin(), young);
    for (const Spare& spare : old) held_ -= spare.memory.size();
  }
  for (const Spare& spare : old) unmap(spare.memory);
}

std::size_t BufferPool::held() const {
  const std::lock_guard lock(mutex_);
  return held_;
}

}  // namespace ndcat
