#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <system_error>

#include "at_random.h"
#include "mapped_file.h"
#include "patterns.h"

namespace bench {
namespace {

void write_all(int descriptor, const char* bytes, std::size_t size, std::size_t offset) {
  while (size > 0) {
    const ssize_t done = ::pwrite(descriptor, bytes, size, static_cast<off_t>(offset));
    if (done < 0) throw std::system_error(errno, std::generic_category(), "write");
    bytes += done;
    offset += static_cast<std::size_t>(done);
    size -= static_cast<std::size_t>(done);
  }
}

std::vector<char> bytes_to_write(const Task& task, std::size_t size) {
  return std::vector<char>(size, static_cast<char>(task.seed));
}

Tally write_in_order(const Task& task, int descriptor, Share share, Clock::time_point deadline) {
  Tally tally;
  const auto bytes = bytes_to_write(task, task.chunk);
  while (share.begin + tally.bytes < share.end && Clock::now() < deadline) {
    const std::size_t size = std::min(task.chunk, share.end - share.begin - tally.bytes);
    write_all(descriptor, bytes.data(), size, share.begin + tally.bytes);
    tally.bytes += size;
    ++tally.touches;
  }
  return tally;
}

Tally append(const Task& task, int descriptor, Clock::time_point deadline) {
  Tally tally;
  const auto bytes = bytes_to_write(task, task.chunk);
  while (tally.touches < task.count && Clock::now() < deadline) {
    const ssize_t done = ::write(descriptor, bytes.data(), bytes.size());
    if (done < 0) throw std::system_error(errno, std::generic_category(), "write");
    tally.bytes += static_cast<std::size_t>(done);
    ++tally.touches;
  }
  if (::fsync(descriptor) != 0) throw std::system_error(errno, std::generic_category(), "fsync");
  return tally;
}

Tally write_pages(const Task& task, int descriptor, Share share, Clock::time_point deadline) {
  const auto bytes = bytes_to_write(task, kPage);
  return at_random(task, share, deadline, [&](std::size_t offset) {
    write_all(descriptor, bytes.data(), kPage, offset);
    return std::uint64_t{0};
  });
}

Tally fill_map(const Task& task, char* data, Share share, Clock::time_point deadline) {
  Tally tally;
  for (std::size_t at = share.begin; at < share.end && Clock::now() < deadline; at += kBetweenLooks) {
    const std::size_t size = std::min(kBetweenLooks, share.end - at);
    std::memset(data + at, static_cast<char>(task.seed), size);
    tally.bytes += size;
    ++tally.touches;
  }
  return tally;
}

Tally fill_column(const Task& task, char* data, Share share, Clock::time_point deadline) {
  Tally tally;
  for (std::size_t at = share.begin + task.offset; at + kItem <= share.end; at += task.stride) {
    std::memset(data + at, static_cast<char>(task.seed), kItem);
    ++tally.touches;
    tally.bytes += kItem;
    if (tally.touches % 64 == 0 && Clock::now() >= deadline) break;
  }
  return tally;
}

}  // namespace

Tally write_share(const Task& task, int descriptor, Share share, Clock::time_point deadline) {
  if (task.pattern == Pattern::write) return write_in_order(task, descriptor, share, deadline);
  if (task.pattern == Pattern::append) return append(task, descriptor, deadline);
  if (task.pattern == Pattern::pwrite_page) return write_pages(task, descriptor, share, deadline);
  MappedFile map(descriptor, share.end, Protection::write);
  Tally tally = task.pattern == Pattern::fill ? fill_map(task, map.data(), share, deadline)
                                              : fill_column(task, map.data(), share, deadline);
  map.flush();
  return tally;
}

}  // namespace bench
