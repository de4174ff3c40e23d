// Request: one question of the kernel that waits for its answer, as a token that is used up by answering.
//
// Every answer is a method on an rvalue: std::move(request).error(EROFS). After it the request is gone, as it
// is in the kernel, whether the answer was an error or not. A token that is destroyed unanswered (an
// exception on the way, the end of the session) answers EIO, so no process waits for ever. May be moved to
// another thread.
#pragma once

#include <sys/types.h>

#include <cstddef>
#include <memory>
#include <span>
#include <string_view>

#include "core/index.h"
#include "fs/mount/fuse.h"

namespace ndcat {

class Request {
 public:
  /// Takes over the duty to answer `handle`.
  explicit Request(fuse_req_t handle);
  Request(Request&& other) noexcept;
  Request& operator=(Request&&) = delete;
  ~Request();

  /// The process that asks, by its number here; 0 when it has none. Call it before let_kill_interrupt().
  [[nodiscard]] pid_t process() const;

  /// For a question that may take as long as a disk is away: when the process that asks is killed, it is
  /// answered EINTR at once, so that the process can go; an answer that comes later is dropped. Without it a
  /// killed process stays until the answer, as the kernel waits for it. Other signals do not interrupt: few
  /// programs expect stat() to fail with EINTR.
  void let_kill_interrupt();

  /// The end of let_kill_interrupt(): false when it has been answered meanwhile.
  [[nodiscard]] bool let_nothing_interrupt();
  /// Tells the kernel of a file that it may read by itself: the backing id, or 0 when it refuses (libfuse
  /// logs why). The file stays open there until close_backing(). Precondition of both: nothing can interrupt.
  [[nodiscard]] int open_backing(int fd) const;
  void close_backing(int backing_id) const;

  void error(int error_number) &&;
  /// False when the kernel did not take the answer: the lookup it would have counted must be forgotten.
  [[nodiscard]] bool entry(const fuse_entry_param& entry) &&;
  void attributes(const struct stat& attributes, double valid_seconds) &&;
  /// False when the kernel did not take the answer: there will be no release.
  [[nodiscard]] bool opened(const fuse_file_info& file) &&;
  /// The bytes of read, readdir, getxattr or listxattr. False when the kernel did not take them.
  bool data(std::span<const std::byte> bytes) &&;
  bool data(std::string_view bytes) && { return std::move(*this).data(std::as_bytes(std::span(bytes))); }
  /// How long an extended attribute, or the list of their names, is.
  void xattr_size(std::size_t size) &&;
  void statistics(const struct statvfs& statistics) &&;
  /// Of write.
  void written(std::size_t size) &&;
  /// Of lseek.
  void offset(Index offset) &&;
  /// For those that take no answer: forget.
  void none() &&;

 private:
  class Interruptible;

  /// Whoever gets it must answer it; null when it has been answered.
  [[nodiscard]] fuse_req_t take();

  fuse_req_t handle_;
  std::unique_ptr<Interruptible> interruptible_;  // when set, it has the handle
};

}  // namespace ndcat
