// The operations of FileSystem on files that are open with O_APPEND.
//
// The kernel takes the size of a file that was written to for at least where the write ended, and fills what
// it has not read of it with zeros. Who reads a raw view must never see those, nor a row that is not
// complete. So who appends has an inode of his own, without a page cache, that says how much there is by now;
// everybody else's keeps its size. It comes about by ESTALE at the first open; see append_intents.h.

#include <fcntl.h>

#include <cerrno>
#include <utility>

#include "fs/mount/attributes.h"
#include "fs/mount/file_system.h"

namespace ndcat {

bool FileSystem::wants_to_append(const Node& node, const fuse_file_info& file) {
  const bool adds = (file.flags & O_APPEND) != 0 && (file.flags & O_TRUNC) == 0;
  return adds && (file.flags & O_ACCMODE) != O_RDONLY && !node.is_folder() && node.kind == VirtualKind::raw &&
         node.snapshot->writer() != nullptr && node.snapshot->writer()->append_obstacle().empty();
}

void FileSystem::open_for_appending(Request request, NodeReference node, fuse_file_info file) {
  const pid_t thread = request.process();
  request.let_kill_interrupt();
  questions_.run(node->number, [this, thread, node, file, request = std::move(request)]() mutable {
    open_tail(std::move(request), node, file, thread);
  });
}

void FileSystem::open_tail(Request request, const NodeReference& node, fuse_file_info file, pid_t thread) {
  const auto failure = node->snapshot->writer()->may_append();
  if (failure && failure->error_number != ESTALE) return report(std::move(request), *failure);
  if (failure) failures_.report(failure->message);
  if (failure || !node->is_for_appending || !catalog_.is_current(*node->snapshot)) {
    intents_.add(thread);
    return std::move(request).error(ESTALE);
  }
  intents_.remove(thread);
  file.direct_io = 1;
  file.fh = open_files_.open(node, false);
  if (!std::move(request).opened(file)) open_files_.close(file.fh);
}

void FileSystem::append(Request request, const OpenFile& opened, const fuse_file_info& file,
                        std::span<const std::byte> bytes, SeenFailures& seen) {
  SnapshotWriter& writer = *opened.node->snapshot->writer();
  // O_APPEND can be taken back, and then the kernel says a place; but this file has none to say.
  if ((file.flags & O_APPEND) == 0) return std::move(request).error(EINVAL);
  const auto result = writer.append(bytes);
  if (const auto* const failure = std::get_if<ReadFailure>(&result))
    return report(std::move(request), *failure);
  if ((file.flags & (O_SYNC | O_DSYNC)) != 0) {
    if (const auto failure = writer.sync((file.flags & O_SYNC) != O_SYNC, seen)) {
      return report(std::move(request), *failure);
    }
  }
  std::move(request).written(std::get<std::size_t>(result));
}

void FileSystem::attributes_for_appending(Request request, NodeReference node) {
  request.let_kill_interrupt();
  questions_.run(node->number, [this, node, request = std::move(request)]() mutable {
    const auto end = node->snapshot->writer()->end_of_tail();
    if (const auto* const failure = std::get_if<ReadFailure>(&end))
      return report(std::move(request), *failure);
    struct stat attributes = file_attributes(*node);
    attributes.st_size = std::get<Index>(end);
    std::move(request).attributes(attributes, 0);
  });
}

}  // namespace ndcat
