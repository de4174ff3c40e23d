#include "fs/files/source_pages.h"

#include <fcntl.h>
#include <sys/mman.h>

#include <cstddef>

namespace ndcat {

void fetch(const Handle& handle, Index offset, Index length) {
  ::posix_fadvise(handle.fd(), offset, length, POSIX_FADV_WILLNEED);
}

void drop(const Handle& handle, Index begin, Index end) {
  if (handle.map() != nullptr) {
    // What is mapped is not dropped. The map itself stays: who reads it then faults the page in again.
    ::madvise(const_cast<std::byte*>(handle.map()) + begin, static_cast<std::size_t>(end - begin),
              MADV_DONTNEED);
  }
  ::posix_fadvise(handle.fd(), begin, end - begin, POSIX_FADV_DONTNEED);
}

}  // namespace ndcat
