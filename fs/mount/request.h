// Request: one question of the kernel that waits for its answer, as a token that is used up by answering.
//
// Every answer is a method on an rvalue: std::move(request).error(EROFS). After it the request is gone, as it
// is in the kernel, whether the answer was an error or not. A token that is destroyed unanswered (an
// exception on the way, the end of the session) answers EIO, so no process waits for ever. May be moved to
// another thread.
#pragma once

#include <cstddef>
#include <span>
#include <string_view>

#include "core/index.h"
#include "fs/mount/fuse.h"

namespace ndcat {

class Request {
 public:
  /// Takes over the duty to answer `handle`.
  explicit Request(fuse_req_t handle) : handle_(handle) {}
  Request(Request&& other) noexcept : handle_(other.take()) {}
  Request& operator=(Request&&) = delete;
  ~Request();

  void error(int error_number) &&;
  /// False when the kernel did not take the answer: the lookup it would have counted must be forgotten.
  [[nodiscard]] bool entry(const fuse_entry_param& entry) &&;
  void attributes(const struct stat& attributes, double valid_seconds) &&;
  /// False when the kernel did not take the answer: there will be no release.
  [[nodiscard]] bool opened(const fuse_file_info& file) &&;
  /// The bytes of read, readdir, getxattr or listxattr.
  void data(std::span<const std::byte> bytes) &&;
  void data(std::string_view bytes) && { std::move(*this).data(std::as_bytes(std::span(bytes))); }
  /// How long an extended attribute, or the list of their names, is.
  void xattr_size(std::size_t size) &&;
  void statistics(const struct statvfs& statistics) &&;
  /// Of lseek.
  void offset(Index offset) &&;
  /// For those that take no answer: forget.
  void none() &&;

  /// For libfuse's functions that pack directory entries; it does not leave the token.
  [[nodiscard]] fuse_req_t handle() const { return handle_; }

 private:
  fuse_req_t take() {
    const fuse_req_t handle = handle_;
    handle_ = nullptr;
    return handle;
  }

  fuse_req_t handle_;
};

}  // namespace ndcat
