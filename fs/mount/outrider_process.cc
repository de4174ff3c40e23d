#include "fs/mount/outrider_process.h"

#include <fcntl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <string>
#include <string_view>

#include "fs/files/descriptor.h"
#include "fs/mount/errand.h"

namespace ndcat {
namespace {

constexpr int kErrands = STDIN_FILENO;

/// Does not wait for the bytes: the kernel asks the daemon for what it does not have, and returns.
void ask_for(int file, const Errand& errand) {
  const Column& column = errand.push.column;
  for (Index row = errand.push.begin; row < errand.push.end; ++row) {
    const PageRange pages = column.pages(row);
    const Index begin = std::max<Index>(pages.begin * kPage, 0);
    const Index end = std::min(pages.end * kPage, errand.file_size);
    if (begin < end) ::posix_fadvise(file, begin, end - begin, POSIX_FADV_WILLNEED);
  }
}

void run(const std::string& path, const Errand& errand) {
  const Descriptor file(::open(path.c_str(), O_RDONLY | O_NOFOLLOW | O_NOCTTY | O_NONBLOCK | O_CLOEXEC));
  struct stat status = {};
  // Something else may be mounted there by now.
  if (!file.is_open() || ::fstat(file.get(), &status) != 0 || status.st_dev != errand.device) return;
  // The name is gone by now; the kernel learns it here, or it would keep the file in memory for its sake.
  ::access(path.c_str(), F_OK);
  ask_for(file.get(), errand);
}

}  // namespace

std::optional<ExitCode> run_outrider(std::span<char* const> words) {
  if (words.size() != 2 || std::string_view(words[0]) != kOutriderProgram) return std::nullopt;
  if (::chdir("/") != 0) return ExitCode::internal;  // keeps no file system in use
  const std::string path = std::string(words[1]) + "/" + kOutriderFile;
  Errand errand;
  ssize_t count = 0;
  while ((count = ::recv(kErrands, &errand, sizeof errand, 0)) == sizeof errand) {
    run(path, errand);
    if (::send(kErrands, "", 1, MSG_NOSIGNAL) != 1) break;
  }
  return count < 0 ? ExitCode::internal : ExitCode::ok;
}

}  // namespace ndcat
