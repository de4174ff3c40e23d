// ReadBuffers: memory for the answers to read requests. A read borrows a buffer for as long as it runs.
//
// Answers are gathered here, never pointed to in the maps of sources: an answer from the maps themselves
// would save -o direct a fifth of its time at most, but the kernel would copy the bytes when it is too late
// to see that a source was cut short meanwhile, and the zeros after its new end would be taken for data.
//
// Thread-safe.
#pragma once

#include <cstddef>

#include "fs/files/buffer_pool.h"

namespace ndcat {

/// The longest read that the kernel may ask for; settled when the session begins.
inline constexpr std::size_t kMaxRequest = std::size_t{1} << 20;

class ReadBuffers {
 public:
  using Lease = BufferPool::Buffer;

  /// Keeps buffers of at most `limit` bytes together. Reads are never refused for its sake: when so many are
  /// under way that it is reached, each of the others gets just what it needs for as long as it lasts.
  explicit ReadBuffers(std::size_t limit) : pool_(limit) {}

  /// At least `size` bytes of no particular content; none when there is no memory. Precondition: 0 < size <=
  /// kMaxRequest.
  [[nodiscard]] Lease borrow(std::size_t size) {
    // All of one length, so that each does for every request.
    Lease pooled = pool_.borrow(kMaxRequest);
    return pooled.empty() ? BufferPool::apart(size) : std::move(pooled);
  }
  /// Gives back to the system what nobody has borrowed since `time` (monotonic clock).
  void trim(Nanoseconds time) { pool_.trim(time); }

 private:
  BufferPool pool_;
};

}  // namespace ndcat
