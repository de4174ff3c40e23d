// CopyGate: keeps writes to a file away from the making of the copy that takes the file's place. What was
// written into the old one meanwhile would be lost.
#pragma once

#include <atomic>
#include <cstdint>
#include <mutex>
#include <shared_mutex>

#include "fs/files/file_identity.h"

namespace ndcat {

/// Thread-safe.
class CopyGate {
 public:
  /// Several files may share one. Not of one catalog: several may be mounted by one process, and share
  /// sources.
  static CopyGate& of(const FileIdentity& file);

  /// While it is held, no copy is begun. Whoever found that a file is in its place when fewer copies() were
  /// finished must look again once it is held.
  [[nodiscard]] std::shared_lock<std::shared_mutex> lock_for_writing() { return std::shared_lock(mutex_); }
  [[nodiscard]] std::uint64_t copies() const { return copies_.load(std::memory_order_acquire); }

  /// For as long as a copy is made and put into its place.
  class Copying {
   public:
    explicit Copying(CopyGate& gate) : gate_(gate), lock_(gate.mutex_) {}
    ~Copying() { gate_.copies_.fetch_add(1, std::memory_order_acq_rel); }
    Copying(const Copying&) = delete;
    Copying& operator=(const Copying&) = delete;

   private:
    CopyGate& gate_;
    std::unique_lock<std::shared_mutex> lock_;  // goes after the copy was counted
  };

 private:
  std::shared_mutex mutex_;
  std::atomic<std::uint64_t> copies_{0};
};

}  // namespace ndcat
