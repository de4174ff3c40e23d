#include "fs/mount/parallel_folders.h"

#if FUSE_VERSION < FUSE_MAKE_VERSION(3, 17)

#include <sys/uio.h>
#include <unistd.h>

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <cstring>

#include "fs/log.h"

namespace ndcat {
namespace {

// The beginning of the answer to INIT, as the kernel's protocol has had it since version 7.1 (linux/fuse.h).
struct InitAnswer {
  std::uint32_t major, minor, max_readahead, flags;
};
constexpr std::uint32_t kProtocolMajor = 7;
constexpr std::uint32_t kParallelLookups = 1u << 18;  // FUSE_PARALLEL_DIROPS; a kernel without it ignores it

std::atomic<bool> first_answer_is_to_come = true;

// The first answer of a session is that to INIT. Only its flags are touched.
void add_flag(const iovec& body) {
  InitAnswer answer = {};
  if (body.iov_len < sizeof answer) return;
  std::memcpy(&answer, body.iov_base, sizeof answer);
  if (answer.major != kProtocolMajor) return;
  answer.flags |= kParallelLookups;
  std::memcpy(body.iov_base, &answer, sizeof answer);
}

ssize_t write_answer(int descriptor, iovec* parts, int count, void*) {
  if (first_answer_is_to_come.load(std::memory_order_relaxed) && first_answer_is_to_come.exchange(false) &&
      count > 1) {
    add_flag(parts[1]);
  }
  return ::writev(descriptor, parts, count);
}

ssize_t read_request(int descriptor, void* buffer, std::size_t size, void*) {
  return ::read(descriptor, buffer, size);
}

}  // namespace

void allow_parallel_lookups(fuse_session* session) {
  fuse_custom_io io = {};
  io.writev = write_answer;
  io.read = read_request;
  if (fuse_session_custom_io(session, &io, fuse_session_fd(session)) != 0) {
    log_message(Severity::warning, "names in one folder are looked up one after the other");
  }
}

}  // namespace ndcat

#else

namespace ndcat {
void allow_parallel_lookups(fuse_session*) {}
}  // namespace ndcat

#endif
