#include "fs/files/directory_stream.h"

#include <cerrno>
#include <memory>

namespace ndcat {

int for_each_entry(Descriptor folder,
                   const std::function<void(std::string name, unsigned char type)>& visit) {
  DIR* const stream = ::fdopendir(folder.get());
  if (stream == nullptr) return errno;
  static_cast<void>(folder.release());  // the stream closes it
  const std::unique_ptr<DIR, int (*)(DIR*)> closer(stream, &::closedir);
  for (;;) {
    errno = 0;
    const dirent* const entry = ::readdir(stream);
    if (entry == nullptr) return errno;
    std::string name = entry->d_name;
    if (name != "." && name != "..") visit(std::move(name), entry->d_type);
  }
}

}  // namespace ndcat
