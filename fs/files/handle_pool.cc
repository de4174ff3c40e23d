#include "fs/files/handle_pool.h"

#include <sys/mman.h>
#include <sys/resource.h>

#include <algorithm>
#include <fstream>
#include <limits>
#include <thread>

namespace ndcat {
namespace {

// Below this a pread costs less than making a map, faulting it in and taking it down again for one reading.
constexpr Index kWorthMapping = Index{1} << 20;
// From the third or fourth reading on it pays for less; a pass over the file asks once or twice for each.
constexpr Index kWorthMappingLater = Index{16} << 10;
constexpr std::uint32_t kRequestsWorthMapping = 5;
constexpr std::uintptr_t kLocked = 1;

Handle* to_handle(std::uintptr_t bits) { return reinterpret_cast<Handle*>(bits & ~kLocked); }
std::uintptr_t to_bits(const Handle* handle) { return reinterpret_cast<std::uintptr_t>(handle); }

std::size_t mappable_size(Index size, Use maps) {
  const Index least = maps == Use::always ? 1 : kWorthMappingLater;
  const bool fits = static_cast<std::uint64_t>(size) <= std::numeric_limits<std::size_t>::max();
  return maps != Use::never && size >= least && fits ? static_cast<std::size_t>(size) : 0;
}

}  // namespace

Handle::Handle(Descriptor fd, Index size, Use maps)
    : fd_(std::move(fd)), map_size_(mappable_size(size, maps)) {
  if (maps == Use::always || size >= kWorthMapping) make_map();
}

Handle::~Handle() {
  const std::byte* const map = map_.load(std::memory_order_relaxed);
  if (map != nullptr) ::munmap(const_cast<std::byte*>(map), map_size_);
}

void Handle::make_map() {
  if (map_size_ == 0) return;
  // Shared: what is written to the file later is what later reads give.
  void* const map = ::mmap(nullptr, map_size_, PROT_READ, MAP_SHARED, fd_.get(), 0);
  if (map != MAP_FAILED) map_.store(static_cast<const std::byte*>(map), std::memory_order_release);
}

void Handle::was_asked_for() {
  if (map_size_ == 0 || map() != nullptr) return;
  // Exactly one request is the one that maps it.
  if (requests_.fetch_add(1, std::memory_order_relaxed) + 1 == kRequestsWorthMapping) make_map();
}

bool Handle::map_holds(const void* address) const {
  const auto* const byte = static_cast<const std::byte*>(address);
  const std::byte* const map = this->map();
  return map != nullptr && byte >= map && byte < map + map_size_;
}

void Handle::let_go() {
  if (users_.fetch_sub(1, std::memory_order_acq_rel) == 1) delete this;
}

std::uintptr_t HandleSlot::lock() {
  for (int spins = 0;; ++spins) {
    std::uintptr_t value = bits_.load(std::memory_order_relaxed) & ~kLocked;
    if (bits_.compare_exchange_weak(value, value | kLocked, std::memory_order_acquire)) return value;
    if (spins > 100) std::this_thread::yield();
  }
}

Handle* HandleSlot::peek() const { return to_handle(bits_.load(std::memory_order_acquire)); }

Handle* HandleSlot::get() {
  if (peek() == nullptr) return nullptr;
  const std::uintptr_t value = lock();
  Handle* const handle = to_handle(value);
  if (handle != nullptr) {
    handle->use();
    // Written only when it changes: every thread that reads this source shares the cache line.
    if (!handle->was_used_.load(std::memory_order_relaxed))
      handle->was_used_.store(true, std::memory_order_relaxed);
  }
  unlock(value);
  return handle;
}

bool HandleSlot::put(Handle* handle) {
  const std::uintptr_t value = lock();
  unlock(value == 0 ? to_bits(handle) : value);
  return value == 0;
}

bool HandleSlot::remove(const Handle* handle) {
  const std::uintptr_t value = lock();
  const bool is_in = value == to_bits(handle);
  unlock(is_in ? 0 : value);
  return is_in;
}

std::size_t HandlePool::budget_of_process() {
  rlimit limit;
  std::size_t descriptors = 256;
  if (::getrlimit(RLIMIT_NOFILE, &limit) == 0) {
    if (limit.rlim_cur != limit.rlim_max) {
      const rlimit raised = {limit.rlim_max, limit.rlim_max};
      if (::setrlimit(RLIMIT_NOFILE, &raised) == 0) limit = raised;
    }
    descriptors = static_cast<std::size_t>(std::min<rlim_t>(limit.rlim_cur, 1 << 20));
  }
  std::size_t maps = 65530;
  std::ifstream("/proc/sys/vm/max_map_count") >> maps;
  // The other halves are for walks, listings, FUSE, and the memory allocator's own maps.
  return std::max<std::size_t>(1, std::min(descriptors, maps) / 2);
}

std::size_t HandlePool::size() const {
  const std::lock_guard lock(mutex_);
  return ring_.size();
}

Handle* HandlePool::install(HandleSlot& slot, Handle* handle) {
  std::vector<Handle*> evicted;
  handle->use();  // for the caller
  for (;;) {
    {
      const std::lock_guard lock(mutex_);
      if (slot.put(handle)) {
        evicted = take_out(budget_ - 1);
        handle->slot_ = &slot;
        handle->position_ = ring_.size();
        ring_.push_back(handle);
        break;
      }
    }
    Handle* const other = slot.get();
    if (other == nullptr) continue;
    handle->let_go();
    handle->let_go();
    return other;
  }
  for (Handle* const old : evicted) old->let_go();
  return handle;
}

void HandlePool::evict_all() {
  std::vector<Handle*> evicted;
  {
    const std::lock_guard lock(mutex_);
    evicted = take_out(0);
  }
  for (Handle* const handle : evicted) handle->let_go();
}

void HandlePool::forget(std::span<HandleSlot> slots) {
  std::vector<Handle*> forgotten;
  {
    const std::lock_guard lock(mutex_);
    for (HandleSlot& slot : slots) {
      Handle* const handle = slot.peek();
      if (handle == nullptr) continue;
      slot.remove(handle);
      drop_from_ring(handle);
      forgotten.push_back(handle);
    }
  }
  for (Handle* const handle : forgotten) handle->let_go();
}

std::vector<Handle*> HandlePool::take_out(std::size_t most) {
  std::vector<Handle*> taken;
  while (ring_.size() > most) {
    hand_ = hand_ >= ring_.size() ? 0 : hand_;
    Handle* const handle = ring_[hand_];
    if (most > 0 && handle->was_used_.exchange(false, std::memory_order_relaxed)) {
      ++hand_;
      continue;
    }
    handle->slot_->remove(handle);
    drop_from_ring(handle);
    taken.push_back(handle);
  }
  return taken;
}

void HandlePool::drop_from_ring(Handle* handle) {
  ring_.back()->position_ = handle->position_;
  ring_[handle->position_] = ring_.back();
  ring_.pop_back();
}

}  // namespace ndcat
