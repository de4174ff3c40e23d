#pragma once

#include <cstddef>

namespace bench {

enum class Protection { read, write };

/// The first `size` bytes of a file, mapped for as long as this lives; the descriptor stays the caller's.
class MappedFile {
 public:
  /// Throws std::system_error.
  MappedFile(int descriptor, std::size_t size, Protection protection);
  ~MappedFile();
  MappedFile(const MappedFile&) = delete;
  MappedFile& operator=(const MappedFile&) = delete;

  /// Not to be written to unless it is mapped for that.
  char* data() const { return data_; }
  /// msync(); throws std::system_error.
  void flush();

 private:
  char* data_;
  std::size_t size_;
};

}  // namespace bench
