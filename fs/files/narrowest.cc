#include "fs/files/narrowest.h"

#include <unistd.h>

#include <algorithm>

namespace ndcat {
namespace {

constexpr std::uint32_t kOwnerRead = 0400, kGroupRead = 0040, kOthersRead = 0004;

template <class Visit>
void for_each_source(const FileTable& sources, Visit visit) {
  for (std::size_t i = 0; i < sources.size(); ++i) visit(sources.identity(static_cast<SourceId>(i)));
}

/// What is left of the read bits `allowed` of a virtual file that belongs to `seen`'s owner and group when
/// `file` is one of those that it is made of. `granted` are the bits of the file, moved to where read bits
/// are.
std::uint32_t narrowed(std::uint32_t allowed, const Attributes& seen, const FileIdentity& file,
                       std::uint32_t granted) {
  const bool same_owner = file.uid == seen.uid, same_group = file.gid == seen.gid;
  const bool owner = (granted & kOwnerRead) != 0, group = (granted & kGroupRead) != 0,
             others = (granted & kOthersRead) != 0;
  // This process has read it (and may write it, or writing will fail), so its own user may.
  const bool owner_may = same_owner ? owner : seen.uid == ::geteuid() || (group && others);
  // A user who is not the owner of the virtual file may own this one; one in its group may not be in this
  // one's.
  const bool not_as_owner = same_owner || owner;
  const bool group_may = not_as_owner && group && (same_group || others);
  const bool others_may = not_as_owner && others && (same_group || group);
  return allowed &
         ((owner_may ? kOwnerRead : 0) | (group_may ? kGroupRead : 0) | (others_may ? kOthersRead : 0));
}

}  // namespace

Attributes narrowest(const FileTable& sources, const std::vector<FileIdentity>& manifests) {
  Attributes result;
  if (sources.size() == 0 && manifests.empty()) {
    result.permissions = kOwnerRead;
    result.uid = ::geteuid();
    result.gid = ::getegid();
    return result;
  }
  const FileIdentity& first = sources.size() > 0 ? sources.identity(0) : manifests.front();
  bool one_owner = true, one_group = true;
  for_each_source(sources, [&](const FileIdentity& file) {
    one_owner = one_owner && file.uid == first.uid;
    one_group = one_group && file.gid == first.gid;
  });
  result.uid = one_owner ? first.uid : ::geteuid();
  result.gid = one_group ? first.gid : ::getegid();
  result.permissions = kOwnerRead | kGroupRead | kOthersRead;
  const auto add = [&](const FileIdentity& file) {
    result.permissions = narrowed(result.permissions, result, file, file.mode);
    result.modified = std::max(result.modified, file.modified);
    result.changed = std::max(result.changed, file.changed);
  };
  for_each_source(sources, add);
  for (const FileIdentity& manifest : manifests) add(manifest);
  return result;
}

std::uint32_t write_permissions(const FileTable& sources, const Attributes& seen) {
  std::uint32_t permissions = kOwnerRead | kGroupRead | kOthersRead;
  for_each_source(sources, [&](const FileIdentity& file) {
    permissions = narrowed(permissions, seen, file, file.mode << 1U);
  });
  return permissions >> 1U;
}

}  // namespace ndcat
