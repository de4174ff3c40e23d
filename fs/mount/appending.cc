// The operations of FileSystem on files that are open with O_APPEND.
//
// The kernel takes the size of a file that was written to for at least where the write ended, and fills what
// it has not read of it with zeros. Who reads a raw view must never see those, nor a row that is not
// complete. So who appends has an inode of his own, without a page cache, that says how much there is by now;
// everybody else's keeps its size. It comes about by ESTALE at the first open; see append_intents.h.

#include <fcntl.h>

#include <algorithm>
#include <cerrno>
#include <utility>

#include "fs/mount/attributes.h"
#include "fs/mount/file_system.h"
#include "fs/mount/paths.h"

namespace ndcat {

bool FileSystem::wants_to_append(const Node& node, const fuse_file_info& file) {
  const bool adds = (file.flags & O_APPEND) != 0 && (file.flags & O_TRUNC) == 0;
  return adds && (file.flags & O_ACCMODE) != O_RDONLY && !node.is_folder() && node.kind == VirtualKind::raw &&
         node.snapshot->writer() != nullptr && node.snapshot->writer()->append_obstacle().empty();
}

void FileSystem::open_for_appending(Request request, NodeReference node, fuse_file_info file) {
  const pid_t thread = request.process();
  if (thread == 0) {  // one of many that cannot be told apart: readers would be sent where it is to go
    return report(std::move(request),
                  {EOPNOTSUPP, node->manifest + ": cannot be appended to from where ndcat sees no process: "
                                                "outside its PID namespace (its container)"});
  }
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

std::variant<fuse_entry_param, int> FileSystem::enter_for_appending(Node fresh, const std::string& name) {
  const std::string path = join(fresh.path, name);
  for (;;) {
    const NodeReference known = append_nodes_.find(path);
    const bool is_good = known != nullptr && catalog_.is_current(*known->snapshot);
    const NodeReference node = inodes_.look_up_file(is_good ? *known : fresh);
    const auto end = node->snapshot->writer()->end_of_tail();
    if (std::holds_alternative<Index>(end) && append_nodes_.replace(path, known, node)) {
      fuse_entry_param entry = file_entry(*node);
      entry.attr.st_size = std::get<Index>(end);
      return entry;
    }
    inodes_.forget(node->number, 1);
    if (const auto* const failure = std::get_if<ReadFailure>(&end)) {
      failures_.report(failure->message);
      return failure->error_number;
    }
  }
}

void FileSystem::attributes_for_appending(Request request, NodeReference node, std::optional<Index> size) {
  request.let_kill_interrupt();
  questions_.run(node->number, [this, node, size, request = std::move(request)]() mutable {
    const auto end = node->snapshot->writer()->end_of_tail();
    if (const auto* const failure = std::get_if<ReadFailure>(&end))
      return report(std::move(request), *failure);
    if (size && *size != std::get<Index>(end)) return std::move(request).error(EPERM);
    struct stat attributes = file_attributes(*node);
    attributes.st_size = std::get<Index>(end);
    std::move(request).attributes(attributes, 0);
  });
}

// Who appends sees all that was appended, as `st_size` says.
void FileSystem::read_with_tail(Request request, const Node& node, Index offset, std::span<std::byte> room) {
  SnapshotWriter& writer = *node.snapshot->writer();
  const auto end = writer.end_of_tail();
  if (const auto* const failure = std::get_if<ReadFailure>(&end)) return report(std::move(request), *failure);
  const Index left = std::clamp<Index>(std::get<Index>(end) - offset, 0, std::ssize(room));
  room = room.first(static_cast<std::size_t>(left));
  const auto read = node.snapshot->read(node.kind, offset, room);
  if (const auto* const failure = std::get_if<ReadFailure>(&read))
    return report(std::move(request), *failure);
  const std::size_t known = std::get<std::size_t>(read);
  if (known < room.size()) {
    const auto failure = writer.read_appended(offset + static_cast<Index>(known), room.subspan(known));
    if (failure) return report(std::move(request), *failure);
  }
  std::move(request).data(std::span<const std::byte>(room));
}

}  // namespace ndcat
