#include "fs/files/read_start.h"

#include <unistd.h>

#include <cerrno>

namespace ndcat {

std::optional<std::string> read_start(int fd, Index length) {
  std::string text(static_cast<std::size_t>(length), '\0');
  std::size_t filled = 0;
  while (filled < text.size()) {
    const ssize_t got = ::pread(fd, text.data() + filled, text.size() - filled, static_cast<off_t>(filled));
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return std::nullopt;
    if (got == 0) break;
    filled += static_cast<std::size_t>(got);
  }
  text.resize(filled);
  return text;
}

}  // namespace ndcat
