#include "fs/files/narrowest.h"

#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>

#include "fs/files/permission_classes.h"

namespace ndcat {
namespace {

constexpr std::uint32_t kRead = 4, kWrite = 2, kEveryone = 7, kAllButOwner = 3;

template <class Visit>
void for_each_source(const FileTable& sources, Visit visit) {
  for (std::size_t i = 0; i < sources.size(); ++i) visit(sources.identity(static_cast<SourceId>(i)));
}

/// The classes of the virtual file `seen` to whom one of those that it is made of grants `permission`. This
/// process has read it (and may write it, or writing will fail), so its own user may.
std::uint32_t granted(const Attributes& seen, const FileIdentity& file, std::uint32_t permission) {
  const std::uint32_t classes = classes_of(file.mode, permission);
  return classes_granted({seen.uid, seen.gid}, {file.uid, file.gid}, classes, ::geteuid());
}

}  // namespace

Attributes narrowest(const FileTable& sources, const std::vector<FileIdentity>& manifests) {
  Attributes result;
  if (sources.size() == 0 && manifests.empty()) {
    result.permissions = mode_bits(4, kRead);
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
  std::uint32_t classes = kEveryone;
  const auto add = [&](const FileIdentity& file) {
    classes &= granted(result, file, kRead);
    result.modified = std::max(result.modified, file.modified);
    result.changed = std::max(result.changed, file.changed);
  };
  for_each_source(sources, add);
  for (const FileIdentity& manifest : manifests) add(manifest);
  result.permissions = mode_bits(classes, kRead);
  return result;
}

std::uint32_t write_permissions(const FileTable& sources, const Attributes& seen) {
  std::uint32_t classes = kEveryone;
  for_each_source(sources, [&](FileIdentity file) {
    // What the others write to such a file takes these bits from it; but not when root does it for them.
    if ((file.mode & (S_ISUID | S_ISGID)) != 0) file.mode &= ~mode_bits(kAllButOwner, kWrite);
    classes &= granted(seen, file, kWrite);
  });
  return mode_bits(classes, kWrite);
}

}  // namespace ndcat
