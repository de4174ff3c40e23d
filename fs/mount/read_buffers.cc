#include "fs/mount/read_buffers.h"

#include <sys/mman.h>

#include <cstdint>
#include <utility>

namespace ndcat {
namespace {

constexpr std::size_t kHugePage = std::size_t{2} << 20;
constexpr std::size_t kKept = 8;

static_assert(kMaxRequest <= kHugePage);

}  // namespace

void ReadBuffers::Unmap::operator()(std::byte* memory) const { ::munmap(memory, kHugePage); }

// One huge page, aligned: twice as much is mapped, and the ends cut off.
ReadBuffers::Memory ReadBuffers::map() {
  void* const mapped = ::mmap(nullptr, 2 * kHugePage, PROT_READ | PROT_WRITE,
                              MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (mapped == MAP_FAILED) return nullptr;
  std::byte* const begin = static_cast<std::byte*>(mapped);
  const std::size_t before = (kHugePage - reinterpret_cast<std::uintptr_t>(mapped) % kHugePage) % kHugePage;
  if (before > 0) ::munmap(begin, before);
  ::munmap(begin + before + kHugePage, kHugePage - before);
  ::madvise(begin + before, kHugePage, MADV_HUGEPAGE);
  return Memory(begin + before);
}

ReadBuffers::Lease ReadBuffers::borrow() {
  {
    const std::lock_guard lock(mutex_);
    if (!free_.empty()) {
      Memory last = std::move(free_.back());
      free_.pop_back();
      return Lease(*this, std::move(last));
    }
  }
  return Lease(*this, map());
}

void ReadBuffers::give_back(Memory memory) {
  const std::lock_guard lock(mutex_);
  if (free_.size() < kKept) free_.push_back(std::move(memory));
}

}  // namespace ndcat
