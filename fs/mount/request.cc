#include "fs/mount/request.h"

#include <sys/stat.h>
#include <sys/statvfs.h>

#include <atomic>
#include <cerrno>
#include <thread>
#include <utility>

#include "fs/mount/killed.h"

namespace ndcat {

// The handle between two threads, that of the answer and that of the interruption: who takes it out answers.
class Request::Interruptible {
 public:
  void begin(fuse_req_t handle) {
    handle_ = handle;
    fuse_req_interrupt_func(handle, interrupt, this);
    is_beginning_ = false;
    if (interrupted_at_once_) interrupt_now(handle);
  }

  fuse_req_t take() {
    const fuse_req_t handle = handle_.exchange(nullptr);
    // Waits until an interruption that is under way has seen that it came too late; then this object may go.
    if (handle != nullptr) fuse_req_interrupt_func(handle, nullptr, nullptr);
    return handle;
  }

 private:
  static void interrupt(fuse_req_t handle, void* data) {
    auto* const self = static_cast<Interruptible*>(data);
    // Within fuse_req_interrupt_func() an answer would destroy the mutex that libfuse holds.
    if (self->is_beginning_ && std::this_thread::get_id() == self->creator_) {
      self->interrupted_at_once_ = true;
    } else {
      self->interrupt_now(handle);
    }
  }

  void interrupt_now(fuse_req_t handle) {
    if (!is_killed(fuse_req_ctx(handle)->pid)) return;
    const fuse_req_t taken = handle_.exchange(nullptr);
    if (taken != nullptr) fuse_reply_err(taken, EINTR);
  }

  std::atomic<fuse_req_t> handle_ = nullptr;
  std::atomic<bool> is_beginning_ = true;
  bool interrupted_at_once_ = false;
  const std::thread::id creator_ = std::this_thread::get_id();
};

Request::Request(fuse_req_t handle) : handle_(handle) {}

Request::Request(Request&& other) noexcept
    : handle_(std::exchange(other.handle_, nullptr)), interruptible_(std::move(other.interruptible_)) {}

Request::~Request() {
  if (const fuse_req_t handle = take()) fuse_reply_err(handle, EIO);
}

pid_t Request::process() const { return handle_ == nullptr ? 0 : fuse_req_ctx(handle_)->pid; }

void Request::let_kill_interrupt() {
  if (handle_ == nullptr) return;
  interruptible_ = std::make_unique<Interruptible>();
  interruptible_->begin(std::exchange(handle_, nullptr));
}

fuse_req_t Request::take() {
  if (interruptible_ == nullptr) return std::exchange(handle_, nullptr);
  const auto last = std::move(interruptible_);
  return last->take();
}

bool Request::let_nothing_interrupt() {
  handle_ = take();
  return handle_ != nullptr;
}

int Request::open_backing([[maybe_unused]] int fd) const {
#ifdef FUSE_CAP_PASSTHROUGH
  return fuse_passthrough_open(handle_, fd);
#else
  return 0;
#endif
}

void Request::close_backing([[maybe_unused]] int backing_id) const {
#ifdef FUSE_CAP_PASSTHROUGH
  fuse_passthrough_close(handle_, backing_id);
#endif
}

void Request::error(int error_number) && {
  if (const fuse_req_t handle = take()) fuse_reply_err(handle, error_number);
}

bool Request::entry(const fuse_entry_param& entry) && {
  const fuse_req_t handle = take();
  return handle != nullptr && fuse_reply_entry(handle, &entry) == 0;
}

void Request::attributes(const struct stat& attributes, double valid_seconds) && {
  if (const fuse_req_t handle = take()) fuse_reply_attr(handle, &attributes, valid_seconds);
}

bool Request::opened(const fuse_file_info& file) && {
  const fuse_req_t handle = take();
  return handle != nullptr && fuse_reply_open(handle, &file) == 0;
}

bool Request::data(std::span<const std::byte> bytes) && {
  const fuse_req_t handle = take();
  return handle != nullptr &&
         fuse_reply_buf(handle, reinterpret_cast<const char*>(bytes.data()), bytes.size()) == 0;
}

void Request::xattr_size(std::size_t size) && {
  if (const fuse_req_t handle = take()) fuse_reply_xattr(handle, size);
}

void Request::statistics(const struct statvfs& statistics) && {
  if (const fuse_req_t handle = take()) fuse_reply_statfs(handle, &statistics);
}

void Request::written(std::size_t size) && {
  if (const fuse_req_t handle = take()) fuse_reply_write(handle, size);
}

void Request::offset(Index offset) && {
  if (const fuse_req_t handle = take()) fuse_reply_lseek(handle, offset);
}

void Request::none() && {
  if (const fuse_req_t handle = take()) fuse_reply_none(handle);
}

}  // namespace ndcat
