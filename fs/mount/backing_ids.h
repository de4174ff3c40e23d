// BackingIds: the sources that the kernel has been told to read by itself (-o passthrough), by the numbers
// ("backing ids") that it gave them. Thread-safe.
//
// The kernel wants all opens of an inode alike as long as they overlap: from one source, or all through us;
// else it refuses the later one with EIO. So the first open decides for those that come before its last
// release. Its releases come later than they happen in the kernel, never earlier: what is open here may be
// closed there, which harms nobody.
#pragma once

#include <cstdint>
#include <mutex>
#include <optional>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "core/function_ref.h"
#include "fs/mount/inodes.h"

namespace ndcat {

class BackingIds {
 public:
  /// One more open of the inode, whose source lies on `device` (nothing: there is none to be read in its
  /// stead): the backing id to answer it with, 0 for none. `tell_kernel` gives it for the first of those that
  /// overlap; a device for which it once gave 0 is not tried again. Must be followed by a release().
  int open(InodeNumber number, std::optional<std::uint64_t> device, FunctionRef<int()> tell_kernel);
  /// The end of one open, or that its answer never reached the kernel.
  void release(InodeNumber number);
  /// Those that no open needs any more; the kernel keeps their files open until it is told.
  [[nodiscard]] std::vector<int> take_unused();

 private:
  struct Opens {
    int count = 0;
    int backing_id = 0;
  };
  std::mutex mutex_;
  std::unordered_map<InodeNumber, Opens> opens_;
  std::vector<int> unused_;
  std::unordered_set<std::uint64_t> refused_devices_;
};

}  // namespace ndcat
