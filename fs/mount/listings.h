// Listings: what the open folders hold. A listing is made once, when reading begins, so that the offsets of a
// folder that is read in many small pieces mean the same names to the end; rewinddir() makes a new one.
// Thread-safe.
#pragma once

#include <cstdint>
#include <memory>
#include <mutex>
#include <unordered_map>
#include <vector>

#include "fs/files/catalog.h"

namespace ndcat {

using Listing = std::shared_ptr<const std::vector<CatalogEntry>>;

class Listings {
 public:
  using Handle = std::uint64_t;

  Handle open();
  void close(Handle handle);
  /// Null before set(), and for a handle that is not open.
  [[nodiscard]] Listing get(Handle handle) const;
  void set(Handle handle, Listing listing);

 private:
  mutable std::mutex mutex_;
  Handle last_ = 0;
  std::unordered_map<Handle, Listing> open_;
};

}  // namespace ndcat
