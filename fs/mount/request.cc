#include "fs/mount/request.h"

#include <sys/stat.h>
#include <sys/statvfs.h>

#include <cerrno>

namespace ndcat {

Request::~Request() {
  if (handle_ != nullptr) fuse_reply_err(handle_, EIO);
}

void Request::error(int error_number) && { fuse_reply_err(take(), error_number); }

bool Request::entry(const fuse_entry_param& entry) && { return fuse_reply_entry(take(), &entry) == 0; }

void Request::attributes(const struct stat& attributes, double valid_seconds) && {
  fuse_reply_attr(take(), &attributes, valid_seconds);
}

bool Request::opened(const fuse_file_info& file) && { return fuse_reply_open(take(), &file) == 0; }

void Request::data(std::span<const std::byte> bytes) && {
  fuse_reply_buf(take(), reinterpret_cast<const char*>(bytes.data()), bytes.size());
}

void Request::xattr_size(std::size_t size) && { fuse_reply_xattr(take(), size); }

void Request::statistics(const struct statvfs& statistics) && { fuse_reply_statfs(take(), &statistics); }

void Request::offset(Index offset) && { fuse_reply_lseek(take(), offset); }

void Request::none() && { fuse_reply_none(take()); }

}  // namespace ndcat
