#include "fs/files/writing/rewrite_header.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <limits>
#include <string>
#include <vector>

#include "fs/files/writing/copy_gate.h"
#include "manifests/numpy_header.h"

namespace ndcat {
namespace {

/// 0, or an errno.
int write_all(int fd, const char* bytes, std::size_t size) {
  while (size > 0) {
    const ssize_t put = ::write(fd, bytes, size);
    if (put < 0 && errno == EINTR) continue;
    if (put <= 0) return put < 0 ? errno : EIO;
    bytes += put;
    size -= static_cast<std::size_t>(put);
  }
  return 0;
}

int copy_rest(int from, Index at, int to) {
  std::vector<char> buffer(std::size_t{1} << 20);
  for (;;) {
    const ssize_t got = ::pread(from, buffer.data(), buffer.size(), at);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return errno;
    if (got == 0) return 0;
    if (const int error = write_all(to, buffer.data(), static_cast<std::size_t>(got))) return error;
    at += got;
  }
}

int keep_owner_and_mode(const FileIdentity& old, int fd) {
  const bool kept = ::fchown(fd, old.uid, old.gid) == 0 && ::fchmod(fd, old.mode & 07777) == 0;
  return kept ? 0 : errno;
}

/// A new name lasts when its folder is on the disk.
int sync_folder(int folder) {
  const Descriptor itself(::openat(folder, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  return itself.is_open() && ::fsync(itself.get()) == 0 ? 0 : errno;
}

int write_copy(int copy, int old_fd, const FileIdentity& old, const Tail& tail) {
  const Result<NumpyHeader> array = parse_numpy_header(tail.header);
  if (!array) return EIO;
  const Result<std::string> header = write_numpy_header(array->dtype, array->shape, array->order);
  if (!header || !has_room_to_grow(*header)) return EINVAL;
  int error = write_all(copy, header->data(), header->size());
  if (error == 0) error = copy_rest(old_fd, tail.array.length, copy);
  if (error == 0) error = keep_owner_and_mode(old, copy);
  return error == 0 && ::fsync(copy) != 0 ? errno : error;
}

int replace(const Location& place, int old_fd, const Tail& tail) {
  const std::string name = "." + place.name + ".ndcat-new";
  const int folder = place.folder->fd.get();
  ::unlinkat(folder, name.c_str(), 0);  // of a run that was killed
  const int flags = O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC;
  const Descriptor copy(::openat(folder, name.c_str(), flags, 0600));
  if (!copy.is_open()) return errno;
  int error = write_copy(copy.get(), old_fd, place.identity, tail);
  if (error == 0 && ::renameat(folder, name.c_str(), folder, place.name.c_str()) != 0) error = errno;
  if (error == 0) return sync_folder(folder);
  ::unlinkat(folder, name.c_str(), 0);
  return error;
}

/// 0, or why it cannot be replaced. Another process that does the same has the old file locked meanwhile; of
/// its copy nothing is to be seen or touched.
int replace_alone(Sources& sources, SourceId file, int old_fd, const Tail& tail) {
  if (::flock(old_fd, LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK) return EBUSY;
  const Location place = sources.context().new_walk().locate(sources.files().path(file));
  const bool is_same = place.ok() && same_file(place.identity, sources.files().identity(file));
  const int error = is_same ? replace(place, old_fd, tail) : ESTALE;
  ::flock(old_fd, LOCK_UN);
  return error;
}

}  // namespace

bool has_room_to_grow(std::string_view header) {
  return grown_numpy_header(header, std::numeric_limits<Index>::max()).has_value();
}

std::optional<SourceFault> rewrite_header(Sources& sources, SourceId file, const Tail& tail) {
  std::optional<PathWalk> walk;
  std::variant<Handle*, SourceFault> opened = sources.open(file, walk);
  if (auto* const fault = std::get_if<SourceFault>(&opened)) return std::move(*fault);
  Handle* const handle = std::get<Handle*>(opened);
  const CopyGate::Copying copying(CopyGate::of(sources.files().identity(file)));
  std::optional<SourceFault> fault = sources.check(file, *handle, walk);
  if (!fault) {
    const int error = replace_alone(sources, file, handle->fd(), tail);
    fault = error == 0
                ? SourceFault{ESTALE, file, "was written anew, with room in its header to grow"}
                : SourceFault{error, file,
                              "has no room in its header, and cannot be written anew: " + reason_of(error)};
  }
  handle->let_go();
  return fault;
}

}  // namespace ndcat
