// ReadBuffers: memory for the answers to read requests, reused, so that no page of it is faulted in twice.
//
// Answers are gathered here, never pointed to in the maps of sources: an answer from the maps themselves
// would save -o direct a fifth of its time at most, but the kernel would copy the bytes when it is too late
// to see that a source was cut short meanwhile, and the zeros after its new end would be taken for data.
//
// A read borrows a buffer for as long as it runs. The one given back last is handed out first: its bytes are
// the ones still in the processor's cache. A few are kept; after a burst the others go back to the system.
// Thread-safe.
#pragma once

#include <cstddef>
#include <memory>
#include <mutex>
#include <span>
#include <vector>

namespace ndcat {

/// The longest read that the kernel may ask for; settled when the session begins.
inline constexpr std::size_t kMaxRequest = std::size_t{1} << 20;

class ReadBuffers {
  struct Unmap {
    void operator()(std::byte* memory) const;
  };
  using Memory = std::unique_ptr<std::byte[], Unmap>;

 public:
  class Lease {
   public:
    Lease(ReadBuffers& owner, Memory memory) : owner_(&owner), memory_(std::move(memory)) {}
    Lease(Lease&&) noexcept = default;
    Lease& operator=(Lease&&) = delete;
    ~Lease() {
      if (memory_ != nullptr) owner_->give_back(std::move(memory_));
    }
    /// kMaxRequest bytes of no particular content; empty when there is no memory.
    [[nodiscard]] std::span<std::byte> bytes() const {
      return {memory_.get(), memory_ != nullptr ? kMaxRequest : 0};
    }

   private:
    ReadBuffers* owner_;
    Memory memory_;
  };

  [[nodiscard]] Lease borrow();

 private:
  static Memory map();
  void give_back(Memory memory);

  std::mutex mutex_;
  std::vector<Memory> free_;
};

}  // namespace ndcat
