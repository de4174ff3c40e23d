#include "fs/files/file_identity.h"

#include <sys/sysmacros.h>

namespace ndcat {
namespace {

Nanoseconds nanoseconds(const struct statx_timestamp& time) {
  return time.tv_sec * 1'000'000'000 + time.tv_nsec;
}

}  // namespace

bool same_file(const FileIdentity& a, const FileIdentity& b) {
  return a.device == b.device && a.inode == b.inode && a.born == b.born;
}

FileIdentity identity_of(const struct statx& status) {
  FileIdentity identity;
  identity.device = makedev(status.stx_dev_major, status.stx_dev_minor);
  identity.inode = status.stx_ino;
  identity.size = static_cast<Index>(status.stx_size);
  identity.modified = nanoseconds(status.stx_mtime);
  identity.changed = nanoseconds(status.stx_ctime);
  identity.born = (status.stx_mask & STATX_BTIME) != 0 ? nanoseconds(status.stx_btime) : 0;
  identity.mode = status.stx_mode;
  identity.uid = status.stx_uid;
  identity.gid = status.stx_gid;
  return identity;
}

const char* kind_in_words(const FileIdentity& identity) {
  switch (identity.mode & S_IFMT) {
    case S_IFREG:
      return "is a regular file";
    case S_IFDIR:
      return "is a directory";
    case S_IFIFO:
      return "is a FIFO";
    case S_IFCHR:
      return "is a character device";
    case S_IFBLK:
      return "is a block device";
    case S_IFSOCK:
      return "is a socket";
    case S_IFLNK:
      return "is a symbolic link";
    default:
      return "is not a regular file";
  }
}

}  // namespace ndcat
