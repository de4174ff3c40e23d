#pragma once

#include <cstddef>

namespace bench {

/// A file mapped whole and read-only for as long as this lives; the descriptor stays the caller's.
class MappedFile {
 public:
  /// Throws std::system_error.
  MappedFile(int descriptor, std::size_t size);
  ~MappedFile();
  MappedFile(const MappedFile&) = delete;
  MappedFile& operator=(const MappedFile&) = delete;

  const char* data() const { return data_; }

 private:
  const char* data_;
  std::size_t size_;
};

}  // namespace bench
