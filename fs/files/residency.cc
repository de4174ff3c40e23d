#include "fs/files/residency.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <string>

namespace ndcat {
namespace {

// Older headers do not name it; the number is the same on every architecture but alpha.
#ifdef SYS_cachestat
constexpr long kCachestat = SYS_cachestat;
#else
constexpr long kCachestat = 451;
#endif

// As the kernel has them (linux/mman.h).
struct CachestatRange {
  std::uint64_t offset, length;
};
struct Cachestat {
  std::uint64_t cached, dirty, writeback, evicted, recently_evicted;
};

struct Pages {
  Index first = 0, count = 0;
};

Index page_size() {
  static const Index size = ::sysconf(_SC_PAGESIZE);
  return size;
}

Pages pages_of(Index offset, Index length) {
  const Index first = offset / page_size();
  return {first, (offset + length - 1) / page_size() - first + 1};
}

Residency judge(Index resident, Index pages) {
  if (resident == 0) return Residency::none;
  return resident >= pages ? Residency::all : Residency::part;
}

/// To others, mincore says that every page is resident.
bool mincore_is_honest(int fd) {
  struct stat status;
  if (::fstat(fd, &status) != 0) return false;
  if (status.st_uid == ::geteuid()) return true;
  const std::string path = "/proc/self/fd/" + std::to_string(fd);
  return ::faccessat(AT_FDCWD, path.c_str(), W_OK, AT_EACCESS) == 0;
}

}  // namespace

Residency residency_by_cachestat(int fd, Index offset, Index length) {
  const Pages pages = pages_of(offset, length);
  const CachestatRange range = {static_cast<std::uint64_t>(pages.first * page_size()),
                                static_cast<std::uint64_t>(pages.count * page_size())};
  Cachestat found = {};
  if (::syscall(kCachestat, fd, &range, &found, 0) != 0) return Residency::unknown;
  return judge(static_cast<Index>(found.cached), pages.count);
}

Residency residency_by_mincore(int fd, const std::byte* map, Index offset, Index length) {
  if (map == nullptr || !mincore_is_honest(fd)) return Residency::unknown;
  constexpr Index kPagesAtOnce = 1024;
  std::array<unsigned char, kPagesAtOnce> are_resident;
  const Pages pages = pages_of(offset, length);
  Index resident = 0;
  for (Index done = 0; done < pages.count; done += kPagesAtOnce) {
    const Index count = std::min(kPagesAtOnce, pages.count - done);
    auto* const start = const_cast<std::byte*>(map) + (pages.first + done) * page_size();
    if (::mincore(start, static_cast<std::size_t>(count * page_size()), are_resident.data()) != 0) {
      return Residency::unknown;
    }
    resident += std::count_if(are_resident.begin(), are_resident.begin() + count,
                              [](unsigned char page) { return (page & 1) != 0; });
  }
  return judge(resident, pages.count);
}

Residency residency(int fd, const std::byte* map, Index offset, Index length) {
  if (length > kLongestResidency) return Residency::unknown;
  const Residency found = residency_by_cachestat(fd, offset, length);
  if (found != Residency::unknown && (found != Residency::none || map == nullptr)) return found;
  const Residency seen = residency_by_mincore(fd, map, offset, length);
  return seen == Residency::unknown ? found : seen;
}

}  // namespace ndcat
