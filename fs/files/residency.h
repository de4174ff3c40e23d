// Residency: what the system's page cache holds of a file.
//
// It decides how bytes are best taken from a source: what is resident can be copied out of a map at once,
// while a fault on a map of a cold file pulls in the disk's whole read-around (megabytes). An answer is a
// hint, true at the moment it was given: never the ground for what is served, only for how. Thread-safe.
#pragma once

#include <cstddef>

#include "core/index.h"

namespace ndcat {

enum class Residency {
  all,
  part,
  none,
  unknown,  // the system does not tell: of a file that this user could not write (see below), or on an error
};

/// The longest range that is asked for; of a longer one the answer is `unknown`.
constexpr Index kLongestResidency = Index{64} << 20;

/// Of the pages that hold bytes [offset, offset + length) of `fd`, length > 0. `map` is where the file's byte
/// 0 is mapped (all of the range being so), or null. Reads nothing, faults nothing in. Costs one or two
/// system calls and about 10 ns a page (a whole folio, where the file system has large ones).
///
/// By cachestat(2) (Linux 6.5; what it has nothing of is looked for in the map, too, for a file on overlayfs
/// keeps its pages with another one), else by mincore(2). Since page caches were used to spy on other users'
/// programs, both tell only the owner of a file and those who may write it.
[[nodiscard]] Residency residency(int fd, const std::byte* map, Index offset, Index length);

/// The two alone, for tests; `unknown` where the kernel does not have it.
[[nodiscard]] Residency residency_by_cachestat(int fd, Index offset, Index length);
[[nodiscard]] Residency residency_by_mincore(int fd, const std::byte* map, Index offset, Index length);

}  // namespace ndcat
