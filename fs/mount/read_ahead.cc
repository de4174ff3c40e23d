#include "fs/mount/read_ahead.h"

#include <fcntl.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include <cerrno>
#include <string>

#include "fs/files/descriptor.h"
#include "fs/log.h"

namespace ndcat {

void set_read_ahead(std::uint64_t device, std::size_t bytes) {
  const std::string path = "/sys/class/bdi/" + std::to_string(::major(device)) + ":" +
                           std::to_string(::minor(device)) + "/read_ahead_kb";
  const auto page = static_cast<std::size_t>(::sysconf(_SC_PAGESIZE));
  const std::string kibibytes = std::to_string((bytes / page + (bytes % page != 0 ? 1 : 0)) * (page / 1024));
  const Descriptor setting(::open(path.c_str(), O_WRONLY | O_CLOEXEC));
  const auto length = static_cast<ssize_t>(kibibytes.size());
  if (setting.is_open() && ::write(setting.get(), kibibytes.data(), kibibytes.size()) == length) {
    log_message(Severity::info, "the kernel reads ahead " + kibibytes + " KiB");
  } else {
    log_message(Severity::warning, "-o readahead: the kernel reads ahead as far as before, because " + path +
                                       " cannot be written: " + errno_text(errno));
  }
}

}  // namespace ndcat
