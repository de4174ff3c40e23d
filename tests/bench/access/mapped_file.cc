#include "mapped_file.h"

#include <sys/mman.h>

#include <cerrno>
#include <system_error>

namespace bench {

MappedFile::MappedFile(int descriptor, std::size_t size, Protection protection) : size_(size) {
  const int allowed = protection == Protection::write ? PROT_READ | PROT_WRITE : PROT_READ;
  void* const memory = ::mmap(nullptr, size, allowed, MAP_SHARED, descriptor, 0);
  if (memory == MAP_FAILED) throw std::system_error(errno, std::generic_category(), "mmap");
  data_ = static_cast<char*>(memory);
}

MappedFile::~MappedFile() { ::munmap(data_, size_); }

void MappedFile::flush() {
  if (::msync(data_, size_, MS_SYNC) != 0) throw std::system_error(errno, std::generic_category(), "msync");
}

}  // namespace bench
