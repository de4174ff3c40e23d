// Files whose pages can be driven out of the page cache, and how that is done.
#pragma once

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <string>
#include <vector>

#include "core/index.h"
#include "fs/files/descriptor.h"
#include "fs/files/file_system_kind.h"

namespace ndcat::testing {

/// A folder for temporary files that do not live in memory alone, as those in many a /tmp do.
inline std::filesystem::path folder_on_disk() {
  for (const std::filesystem::path& folder :
       {std::filesystem::temp_directory_path(), std::filesystem::path("/var/tmp"),
        std::filesystem::current_path()}) {
    const Descriptor fd(::open(folder.c_str(), O_PATH | O_CLOEXEC));
    if (fd.is_open() && !file_system_kind(fd.get()).is_memory) return folder;
  }
  ADD_FAILURE()
      << "neither the folder for temporary files, nor /var/tmp, nor this one is on a disk; set TMPDIR";
  return std::filesystem::temp_directory_path();
}

/// How many bytes of the file are resident, in whole pages.
inline Index resident_bytes(const std::string& path) {
  const Descriptor fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  const auto size = static_cast<std::size_t>(std::filesystem::file_size(path));
  void* const map = ::mmap(nullptr, size, PROT_READ, MAP_SHARED, fd.get(), 0);
  EXPECT_NE(map, MAP_FAILED) << path;
  const auto page = static_cast<std::size_t>(::sysconf(_SC_PAGESIZE));
  std::vector<unsigned char> pages((size + page - 1) / page);
  EXPECT_EQ(::mincore(map, size, pages.data()), 0) << path;
  ::munmap(map, size);
  const auto resident =
      std::count_if(pages.begin(), pages.end(), [](unsigned char one) { return (one & 1) != 0; });
  return static_cast<Index>(resident) * static_cast<Index>(page);
}

/// Nothing of the file is resident after this.
inline void make_cold(const std::string& path) {
  const Descriptor fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  EXPECT_EQ(::fdatasync(fd.get()), 0) << path;  // what is dirty stays
  EXPECT_EQ(::posix_fadvise(fd.get(), 0, 0, POSIX_FADV_DONTNEED), 0) << path;
}

}  // namespace ndcat::testing
