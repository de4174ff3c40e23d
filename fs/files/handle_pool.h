// Handles on sources, and how many of them may be open at once.
//
// A handle is a descriptor and, for a file that is worth it, a map. A process has few of both (1 024
// descriptors and 65 530 maps usually) and a manifest may have 100 000 sources; so the pool closes handles
// that were not used lately (the second-chance clock: no list to keep in order on every use). A handle that
// is being used is never closed: it is counted by its users, and whoever lets go last closes it. All of this
// is thread-safe.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <mutex>
#include <span>
#include <vector>

#include "core/index.h"
#include "fs/files/descriptor.h"
#include "fs/files/file_identity.h"
#include "fs/files/mechanisms.h"

namespace ndcat {

class HandleSlot;

/// Made with one user, the slot that it is installed in.
class Handle {
 public:
  /// Maps the first `size` bytes when that pays at once or `maps` says so; otherwise (and when the system
  /// refuses) the file is read by pread until was_asked_for() finds that it pays.
  Handle(Descriptor fd, Index size, Use maps);
  ~Handle();
  Handle(const Handle&) = delete;
  Handle& operator=(const Handle&) = delete;

  [[nodiscard]] int fd() const { return fd_.get(); }
  /// Null when it is not mapped, or not yet; once there it stays.
  [[nodiscard]] const std::byte* map() const { return map_.load(std::memory_order_acquire); }
  [[nodiscard]] bool map_holds(const void* address) const;
  /// A request is about to read the file. What is read again and again is mapped though it is small: that
  /// spares a call a request, and the walk over its pages.
  void was_asked_for();

  void use() { users_.fetch_add(1, std::memory_order_relaxed); }
  /// Deletes the handle after the last user.
  void let_go();

  /// What is known of the file behind it; see Sources::check(). Monotonic clock.
  std::atomic<Nanoseconds> checked{0}, path_checked{0};
  /// A digest of the changed times with which it was found acceptable; 0: none but the snapshot's.
  std::atomic<std::uint64_t> accepted{0};

 private:
  friend class HandlePool;
  friend class HandleSlot;
  void make_map();

  Descriptor fd_;
  const std::size_t map_size_;  // 0: never to be mapped
  std::atomic<const std::byte*> map_{nullptr};
  std::atomic<std::uint32_t> requests_{0};
  std::atomic<std::uint32_t> users_{1};
  std::atomic<bool> was_used_{false};  // since the hand last passed: a scan evicts its own handles
  HandleSlot* slot_ = nullptr;         // these two: HandlePool's, under its mutex
  std::size_t position_ = 0;
};

/// Where a snapshot finds its handle on one source: 8 bytes, whether open or not.
class HandleSlot {
 public:
  /// The handle, with one more user (who must let_go()), or null.
  Handle* get();

 private:
  friend class HandlePool;
  /// Puts `handle` in unless another is there already.
  bool put(Handle* handle);
  /// Takes `handle` out if it is in.
  bool remove(const Handle* handle);
  Handle* peek() const;

  std::uintptr_t lock();
  void unlock(std::uintptr_t value) { bits_.store(value, std::memory_order_release); }
  std::atomic<std::uintptr_t> bits_{0};  // a Handle*; the lowest bit is a lock, held for a few instructions
};

class HandlePool {
 public:
  /// `budget` handles at most, besides those in use. At least 1.
  explicit HandlePool(std::size_t budget) : budget_(budget == 0 ? 1 : budget) {}
  /// What the limits of this process leave for sources, after raising its soft limit of descriptors to the
  /// hard one.
  static std::size_t budget_of_process();

  [[nodiscard]] std::size_t budget() const { return budget_; }
  [[nodiscard]] std::size_t size() const;

  /// Installs a new handle in `slot` and returns the one that is there then (another thread may have been
  /// quicker), with one more user.
  Handle* install(HandleSlot& slot, Handle* handle);
  /// Closes all that nobody uses.
  void evict_all();
  /// Empties the slots, which are about to vanish. Precondition: no other thread uses them any more.
  void forget(std::span<HandleSlot> slots);

 private:
  /// Takes out handles until there are at most `most`; the caller lets go of them without the mutex, for
  /// closing may wait for a disk.
  std::vector<Handle*> take_out(std::size_t most);
  void drop_from_ring(Handle* handle);

  const std::size_t budget_;
  mutable std::mutex mutex_;
  std::vector<Handle*> ring_;
  std::size_t hand_ = 0;
};

}  // namespace ndcat
