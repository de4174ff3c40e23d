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

/// Takes from `seen` what `file` does not grant.
void narrow(Attributes& seen, const FileIdentity& file) {
  const bool same_owner = file.uid == seen.uid, same_group = file.gid == seen.gid;
  const bool owner = (file.mode & kOwnerRead) != 0, group = (file.mode & kGroupRead) != 0,
             others = (file.mode & kOthersRead) != 0;
  // This process has read it, so its own user may.
  const bool owner_reads = same_owner ? owner : seen.uid == ::geteuid() || (group && others);
  // A user who is not the owner of the virtual file may own this one; one in its group may not be in this
  // one's.
  const bool not_as_owner = same_owner || owner;
  const bool group_reads = not_as_owner && group && (same_group || others);
  const bool others_read = not_as_owner && others && (same_group || group);
  seen.permissions &=
      (owner_reads ? kOwnerRead : 0) | (group_reads ? kGroupRead : 0) | (others_read ? kOthersRead : 0);
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
    narrow(result, file);
    result.modified = std::max(result.modified, file.modified);
    result.changed = std::max(result.changed, file.changed);
  };
  for_each_source(sources, add);
  for (const FileIdentity& manifest : manifests) add(manifest);
  return result;
}

}  // namespace ndcat
