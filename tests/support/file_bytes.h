// Reading files in tests, and what a fake file must give.
#pragma once

#include <fcntl.h>
#include <unistd.h>

#include <string>

#include "core/index.h"
#include "fs/files/descriptor.h"
#include "tests/support/fake_snapshot.h"

namespace ndcat {

inline Descriptor open_file(const std::string& path, int flags = O_RDONLY) {
  return Descriptor(::open(path.c_str(), flags));
}

// The bytes from `offset` on, as the file system gives them.
inline std::string bytes_at(const Descriptor& file, Index offset, std::size_t size) {
  std::string bytes(size, '\0');
  const ssize_t count = ::pread(file.get(), bytes.data(), size, offset);
  bytes.resize(count < 0 ? 0 : static_cast<std::size_t>(count));
  return bytes;
}

inline std::string expected_bytes(Index offset, std::size_t size) {
  std::string bytes(size, '\0');
  for (std::size_t i = 0; i < size; ++i)
    bytes[i] = static_cast<char>(fake_byte(offset + static_cast<Index>(i)));
  return bytes;
}

}  // namespace ndcat
