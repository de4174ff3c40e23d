#include "mapped_file.h"

#include <sys/mman.h>

#include <cerrno>
#include <system_error>

namespace bench {

MappedFile::MappedFile(int descriptor, std::size_t size) : size_(size) {
  void* const memory = ::mmap(nullptr, size, PROT_READ, MAP_SHARED, descriptor, 0);
  if (memory == MAP_FAILED) throw std::system_error(errno, std::generic_category(), "mmap");
  data_ = static_cast<const char*>(memory);
}

MappedFile::~MappedFile() { ::munmap(const_cast<char*>(data_), size_); }

}  // namespace bench
