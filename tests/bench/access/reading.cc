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

std::uint64_t sum_of_words(const char* begin, std::size_t size) {
  std::uint64_t sum = 0;
  for (std::size_t at = 0; at + sizeof(std::uint64_t) <= size; at += sizeof(std::uint64_t)) {
    std::uint64_t word;
    std::memcpy(&word, begin + at, sizeof word);
    sum += word;
  }
  return sum;
}

Tally read_in_order(const Task& task, int descriptor, Share share, Clock::time_point deadline) {
  Tally tally;
  std::vector<char> buffer(task.chunk);
  if (::lseek(descriptor, static_cast<off_t>(share.begin), SEEK_SET) < 0)
    throw std::system_error(errno, std::generic_category(), "lseek");
  while (tally.bytes < share.end - share.begin && Clock::now() < deadline) {
    const ssize_t got =
        ::read(descriptor, buffer.data(), std::min(task.chunk, share.end - share.begin - tally.bytes));
    if (got < 0) throw std::system_error(errno, std::generic_category(), "read");
    if (got == 0) throw std::system_error(EIO, std::generic_category(), "the file ends early");
    tally.bytes += static_cast<std::size_t>(got);
    ++tally.touches;
    tally.checksum += static_cast<unsigned char>(buffer[0]);
  }
  return tally;
}

Tally map_in_order(const char* data, Share share, Clock::time_point deadline) {
  Tally tally;
  for (std::size_t at = share.begin; at < share.end && Clock::now() < deadline; at += kBetweenLooks) {
    const std::size_t size = std::min(kBetweenLooks, share.end - at);
    tally.checksum += sum_of_words(data + at, size);
    tally.bytes += size;
    ++tally.touches;
  }
  return tally;
}

Tally column(const Task& task, const char* data, Share share, Clock::time_point deadline) {
  Tally tally;
  for (std::size_t at = share.begin + task.offset; at + kItem <= share.end; at += task.stride) {
    tally.checksum += sum_of_words(data + at, kItem);
    ++tally.touches;
    tally.bytes += kItem;
    if (tally.touches % 64 == 0 && Clock::now() >= deadline) break;
  }
  return tally;
}

Tally pages(const Task& task, int descriptor, Share share, Clock::time_point deadline) {
  std::vector<char> page(kPage);
  return at_random(task, share, deadline, [&](std::size_t offset) {
    if (::pread(descriptor, page.data(), kPage, static_cast<off_t>(offset)) < 0)
      throw std::system_error(errno, std::generic_category(), "pread");
    return static_cast<std::uint64_t>(static_cast<unsigned char>(page[0]));
  });
}

}  // namespace

Tally read_share(const Task& task, int descriptor, Share share, Clock::time_point deadline) {
  if (task.pattern == Pattern::read) return read_in_order(task, descriptor, share, deadline);
  if (task.pattern == Pattern::pread_page) return pages(task, descriptor, share, deadline);
  const MappedFile map(descriptor, share.end, Protection::read);
  if (task.pattern == Pattern::map) return map_in_order(map.data(), share, deadline);
  if (task.pattern == Pattern::map_column) return column(task, map.data(), share, deadline);
  return at_random(task, share, deadline,
                   [&](std::size_t offset) { return sum_of_words(map.data() + offset, kPage); });
}

}  // namespace bench
