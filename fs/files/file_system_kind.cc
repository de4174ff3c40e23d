#include "fs/files/file_system_kind.h"

#include <linux/magic.h>
#include <sys/vfs.h>

#include <cstdint>

namespace ndcat {
namespace {

// Not in <linux/magic.h> of every distribution.
constexpr std::uint32_t kFuse = 0x65735546, kCifs = 0xFF534D42, kSmb2 = 0xFE534D42, kCeph = 0x00C36400,
                        kLustre = 0x0BD00BD0, kGpfs = 0x47504653, kOrangeFs = 0x20030528,
                        kHugeTlb = 0x958458F6;

}  // namespace

FileSystemKind file_system_kind(int fd) {
  struct statfs status;
  if (::fstatfs(fd, &status) != 0) return {.is_remote = true, .is_memory = false};
  switch (static_cast<std::uint32_t>(status.f_type)) {
    case NFS_SUPER_MAGIC:
    case SMB_SUPER_MAGIC:
    case AFS_SUPER_MAGIC:
    case AFS_FS_MAGIC:
    case CODA_SUPER_MAGIC:
    case NCP_SUPER_MAGIC:
    case V9FS_MAGIC:
    case AUTOFS_SUPER_MAGIC:
    case kFuse:
    case kCifs:
    case kSmb2:
    case kCeph:
    case kLustre:
    case kGpfs:
    case kOrangeFs:
      return {.is_remote = true, .is_memory = false};
    case TMPFS_MAGIC:
    case RAMFS_MAGIC:
    case kHugeTlb:
      return {.is_remote = false, .is_memory = true};
    default:
      return {};
  }
}

}  // namespace ndcat
