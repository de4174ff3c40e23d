// BufferPool: memory that is reused, so that no page of it is faulted in twice, and bounded in total.
//
// Buffers of 1 MiB and more consist of huge pages where the system has them: for whoever writes to many
// places of one in turn, and for the kernel that copies from it. The buffer given back last is handed out
// first: its bytes are the ones still in the processor's cache. Thread-safe.
#pragma once

#include <cstddef>
#include <mutex>
#include <span>
#include <utility>
#include <vector>

#include "fs/files/file_identity.h"

namespace ndcat {

class BufferPool {
 public:
  /// Owns memory; gives it back to its pool, which outlives it, or to the system. Move-only.
  class Buffer {
   public:
    Buffer() = default;
    Buffer(Buffer&& other) noexcept
        : owner_(other.owner_), memory_(std::exchange(other.memory_, std::span<std::byte>())) {}
    Buffer& operator=(Buffer&& other) noexcept {
      std::swap(owner_, other.owner_);
      std::swap(memory_, other.memory_);
      return *this;
    }
    ~Buffer();

    [[nodiscard]] bool empty() const { return memory_.empty(); }
    /// At least as many as were asked for, of no particular content; none when there was no memory.
    [[nodiscard]] std::span<std::byte> bytes() const { return memory_; }

   private:
    friend class BufferPool;
    Buffer(BufferPool* owner, std::span<std::byte> memory) : owner_(owner), memory_(memory) {}
    BufferPool* owner_ = nullptr;
    std::span<std::byte> memory_;
  };

  /// At most `limit` bytes, lent and spare together.
  explicit BufferPool(std::size_t limit) : limit_(limit) {}
  BufferPool(const BufferPool&) = delete;
  BufferPool& operator=(const BufferPool&) = delete;
  ~BufferPool();

  /// Empty when the limit or the system does not allow it. Precondition: size > 0.
  [[nodiscard]] Buffer borrow(std::size_t size);
  /// A buffer that belongs to no pool, of small pages.
  [[nodiscard]] static Buffer apart(std::size_t size);

  /// Gives back to the system what nobody has borrowed since `time` (monotonic clock).
  void trim(Nanoseconds time);
  /// Bytes taken from the system.
  [[nodiscard]] std::size_t held() const;

 private:
  struct Spare {
    std::span<std::byte> memory;
    Nanoseconds since = 0;
  };
  std::span<std::byte> take_spare(std::size_t size);
  void give_back(std::span<std::byte> memory);

  const std::size_t limit_;
  mutable std::mutex mutex_;
  std::size_t held_ = 0;
  std::vector<Spare> spare_;  // in the order in which they came back
};

}  // namespace ndcat
