#include "fs/mount/outrider_process.h"

#include <fcntl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <string>
#include <string_view>
#include <variant>

#include "fs/files/descriptor.h"
#include "fs/mount/errand.h"

namespace ndcat {
namespace {

constexpr int kErrands = STDIN_FILENO;

/// Does not wait for the bytes: the kernel asks the daemon for what it does not have, and returns.
void ask_for(int file, const ReadAhead& what) {
  const Column& column = what.push.column;
  for (Index row = what.push.begin; row < what.push.end; ++row) {
    const PageRange pages = column.pages(row);
    const Index begin = std::max<Index>(pages.begin * kPage, 0);
    const Index end = std::min(pages.end * kPage, what.file_size);
    if (begin < end) ::posix_fadvise(file, begin, end - begin, POSIX_FADV_WILLNEED);
  }
}

/// A write that goes past the page cache makes the kernel write back and give up the pages of its place
/// first, before it looks at the bytes. These are at address 0, where there are none: so it fails, and
/// nothing is written, whatever the kernel would do next.
Report give_up(int file, const GiveUp& what) {
  Report report;
  // Before that the kernel tells of an earlier failure to write back, of EIO and ENOSPC each but once.
  constexpr int kAttempts = 3;
  for (int i = 0; i < kAttempts && !report.is_done; ++i) {
    const ssize_t written = ::pwrite(file, nullptr, static_cast<std::size_t>(what.length), what.offset);
    report.is_done = written < 0 && errno == EFAULT;
    if (written < 0 && !report.is_done) report.failure = errno;
  }
  return report;
}

Report run(const std::string& folder, const Errand& errand) {
  const auto* const given_up = std::get_if<GiveUp>(&errand.what);
  const std::string path = folder + "/" + (given_up == nullptr ? kFileToReadAhead : kFileToGiveUp);
  const int way = given_up == nullptr ? O_RDONLY : O_WRONLY | O_DIRECT;
  const Descriptor file(::open(path.c_str(), way | O_NOFOLLOW | O_NOCTTY | O_NONBLOCK | O_CLOEXEC));
  struct stat status = {};
  // Something else may be mounted there by now.
  if (!file.is_open() || ::fstat(file.get(), &status) != 0 || status.st_dev != errand.device) return {};
  // The name is gone by now; the kernel learns it here, or it would keep the file in memory for its sake.
  ::access(path.c_str(), F_OK);
  if (given_up != nullptr) return give_up(file.get(), *given_up);
  ask_for(file.get(), std::get<ReadAhead>(errand.what));
  return {.is_done = true};
}

}  // namespace

std::optional<ExitCode> run_outrider(std::span<char* const> words) {
  if (words.size() != 2 || std::string_view(words[0]) != kOutriderProgram) return std::nullopt;
  if (::chdir("/") != 0) return ExitCode::internal;  // keeps no file system in use
  Errand errand;
  ssize_t count = 0;
  while ((count = ::recv(kErrands, &errand, sizeof errand, 0)) == sizeof errand) {
    const Report report = run(words[1], errand);
    if (::send(kErrands, &report, sizeof report, MSG_NOSIGNAL) != sizeof report) break;
  }
  return count < 0 ? ExitCode::internal : ExitCode::ok;
}

}  // namespace ndcat
