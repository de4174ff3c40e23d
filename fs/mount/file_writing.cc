// The operations of FileSystem that change files.

#include <fcntl.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <utility>

#include "fs/files/clocks.h"
#include "fs/mount/attributes.h"
#include "fs/mount/file_system.h"

namespace ndcat {
namespace {

/// The file can be written through. (Those of text are what the manifest says, and cannot.)
bool is_writable(const Node& node) {
  return !node.is_folder() && node.snapshot->writer() != nullptr &&
         (node.kind == VirtualKind::npy || node.kind == VirtualKind::raw);
}

/// Through the page cache go all requests but those of O_DIRECT, which name the owner of the locks; see
/// fuse_direct_io() and fuse_read_args_fill() in the kernel.
bool is_direct(const fuse_file_info& file) { return file.lock_owner != 0; }

/// Programs that write a file from its beginning empty it first, and say no more than EPERM.
ReadFailure keeps_its_size(const Node& node) {
  return {EPERM, node.manifest +
                     ": its files cannot be emptied or get another size; open them for reading "
                     "and writing (\"r+\"), and write what is to be changed"};
}

}  // namespace

void FileSystem::open_for_writing(Request request, NodeReference node, fuse_file_info file) {
  if (!is_writable(*node)) {
    const std::string obstacle = node->snapshot->write_obstacle();
    if (!obstacle.empty()) failures_.report(node->manifest + ": cannot be written: " + obstacle);
    return std::move(request).error(EROFS);
  }
  if ((file.flags & O_TRUNC) != 0) return report(std::move(request), keeps_its_size(*node));
  const InodeNumber number = node->number;
  request.let_kill_interrupt();
  questions_.run(number, [this, node = std::move(node), file, request = std::move(request)]() mutable {
    if (!catalog_.is_current(*node->snapshot)) return std::move(request).error(ESTALE);
    SnapshotWriter& writer = *node->snapshot->writer();
    std::optional<ReadFailure> failure = writer.may_write();
    if (!failure && node->kind == VirtualKind::raw && writer.append_obstacle().empty())
      failure = writer.may_append();
    if (failure) return report(std::move(request), *failure);
    // The cache begins anew: of what is in it from now on the baseline is known.
    file.keep_cache = 0;
    file.fh = open_files_.open(node, (file.flags & O_ACCMODE) == O_RDWR);
    if (!std::move(request).opened(file)) open_files_.close(file.fh);
  });
}

void FileSystem::report(Request request, const ReadFailure& failure) {
  failures_.report(failure.message);
  std::move(request).error(failure.error_number);
}

std::shared_ptr<PageBaseline> FileSystem::baseline_of_reads(const Node& node,
                                                            const fuse_file_info& file) const {
  if (is_direct(file) || node.snapshot->writer() == nullptr) return nullptr;
  return open_files_.baseline(node.number);
}

std::optional<ReadFailure> FileSystem::write_pages(const Node& node, Index offset,
                                                   std::span<const std::byte> bytes) {
  const ReadFailure unknown{EIO, node.manifest + ": pages of a map came back that were not given out"};
  const auto baseline = open_files_.baseline(node.number);
  if (baseline == nullptr) return unknown;
  const auto lock = baseline->lock_for_pages();
  std::vector<std::byte> before(bytes.size());
  if (!baseline->get(offset, before)) return unknown;
  auto failure = node.snapshot->writer()->write_changes(node.kind, offset, bytes, before);
  // Also after a failure: whoever stored what cannot be written is told, and is not to be told again by the
  // next store beside it. The pages go, since they show what is not.
  baseline->put(offset, bytes);
  if (failure) trimmer_.drop(node.number, offset, std::ssize(bytes));
  return failure;
}

PageBaseline::Doubt FileSystem::write_bytes(PageInspector::HeldWrite& write, PageBaseline* baseline) {
  const Node& node = *write.file->node;
  SnapshotWriter& writer = *node.snapshot->writer();
  const auto bytes = write.bytes;
  if (baseline == nullptr) {
    write.failure = writer.write(node.kind, write.offset, bytes);
    return {};
  }
  const auto lock = baseline->lock_for_bytes();
  write.failure = writer.write(node.kind, write.offset, bytes);
  // The kernel's page holds them, whether they were written or not; but those behind the end of a file that
  // does not grow never come back.
  const Index left = node.snapshot->attributes(node.kind).size - write.offset;
  const auto in_file = static_cast<std::size_t>(std::clamp<Index>(left, 0, std::ssize(bytes)));
  return baseline->patch(write.offset, write.failure ? bytes.first(in_file) : bytes, write.file->opened_at);
}

void FileSystem::do_write(PageInspector::HeldWrite write, const fuse_file_info& file) {
  const Node& node = *write.file->node;
  const bool is_from_maps = file.writepage != 0, is_through_cache = !is_from_maps && !is_direct(file);
  const auto baseline = is_through_cache ? open_files_.baseline(node.number) : nullptr;
  PageBaseline::Doubt doubt;
  if (is_from_maps) {
    write.failure = write_pages(node, write.offset, write.bytes);
  } else {
    doubt = write_bytes(write, baseline.get());
  }
  if (!write.failure && (file.flags & (O_SYNC | O_DSYNC)) != 0) {
    write.failure = node.snapshot->writer()->sync((file.flags & O_SYNC) != O_SYNC, write.file->seen);
  }
  if (write.failure && baseline != nullptr) doubt = baseline->doubt_all(write.offset, write.bytes);
  if (!doubt.parts.empty() && keep_bytes(write)) {
    return inspector_.hold(std::move(write), baseline, std::move(doubt));
  }
  if (is_through_cache) return end_write_through_cache(std::move(write), doubt.parts);
  answer_write(std::move(write));
}

void FileSystem::answer_write(PageInspector::HeldWrite write) {
  if (write.failure) return report(std::move(write.request), *write.failure);
  std::move(write.request).written(write.bytes.size());
}

void FileSystem::end_write_through_cache(PageInspector::HeldWrite write,
                                         const std::vector<PageInspector::Part>& unseen) {
  const InodeNumber number = write.file->node->number;
  const auto baseline = open_files_.baseline(number);
  if (baseline != nullptr) baseline->note_answer(monotonic_clock());
  answer_write(std::move(write));
  if (baseline == nullptr) return;
  for (const PageInspector::Part& part : unseen) trimmer_.drop_at_once(number, part.begin, part.length);
  trimmer_.look();
}

bool FileSystem::keep_bytes(PageInspector::HeldWrite& write) {
  if (!write.buffer.empty()) return true;
  write.buffer = buffers_.borrow(write.bytes.size());
  if (write.buffer.empty()) return false;
  const auto kept = write.buffer.bytes().first(write.bytes.size());
  std::memcpy(kept.data(), write.bytes.data(), kept.size());
  write.bytes = kept;
  return true;
}

/// It is not interrupted: what a killed process has written is either not begun or done when its next write
/// comes.
struct FileSystem::WriteJob {
  FileSystem& file_system;
  PageInspector::HeldWrite write;
  fuse_file_info file;
  bool is_refused = false;

  void keep() {
    if (file_system.keep_bytes(write)) return;
    is_refused = true;
    std::move(write.request).error(ENOMEM);
  }
  void operator()() {
    if (is_refused) return;
    if (!write.file->node->is_for_appending) return file_system.do_write(std::move(write), file);
    file_system.append(std::move(write.request), *write.file, file, write.bytes, write.file->seen);
  }
};

void FileSystem::write(Request request, InodeNumber number, std::span<const std::byte> bytes, Index offset,
                       fuse_file_info file) {
  const auto opened = open_files_.find(file.fh);
  if (opened == nullptr || opened->node->number != number) return std::move(request).error(EBADF);
  if (bytes.size() > kMaxRequest || offset < 0) return std::move(request).error(EINVAL);
  if (bytes.empty()) return std::move(request).written(0);
  reads_.run(lane_of(*opened->node), WriteJob{*this, {std::move(request), opened, offset, bytes}, file});
}

void FileSystem::sync(Request request, InodeNumber number, bool only_data, fuse_file_info file) {
  const NodeReference node = inodes_.find(number);
  if (node == nullptr) return std::move(request).error(ESTALE);
  if (!is_writable(*node)) return std::move(request).error(0);
  auto opened = open_files_.find(file.fh);
  // Whoever has it open for reading may ask too, and learns of what fails now.
  if (opened == nullptr) {
    opened = std::make_shared<OpenFile>(OpenFile{node, false, 0, node->snapshot->writer()->all_seen()});
  }
  reads_.run(lane_of(*node), [this, opened, only_data, request = std::move(request)]() mutable {
    const auto failure = opened->node->snapshot->writer()->sync(only_data, opened->seen);
    if (failure) return report(std::move(request), *failure);
    std::move(request).error(0);
  });
}

void FileSystem::flush(Request request, fuse_file_info file) {
  const auto opened = open_files_.find(file.fh);
  if (opened == nullptr) return std::move(request).error(0);
  reads_.run(lane_of(*opened->node), [this, opened, request = std::move(request)]() mutable {
    const auto failure = opened->node->snapshot->writer()->finish(opened->seen);
    if (failure) return report(std::move(request), *failure);
    std::move(request).error(open_files_.take_untold_failure(opened->node->number));
  });
}

void FileSystem::release(Request request, InodeNumber number, fuse_file_info file) {
  followed_files_.remove(file.fh);
  const bool is_for_reading = file.fh == OpenFiles::kReadOnly || FollowedFiles::is_handle(file.fh);
  if (passthrough_ && is_for_reading) return release_backing(std::move(request), number);
  open_files_.close(file.fh);
  std::move(request).error(0);
}

void FileSystem::set_size(Request request, InodeNumber number, Index size) {
  const NodeReference node = inodes_.find(number);
  if (node == nullptr) return std::move(request).error(ESTALE);
  if (!is_writable(*node)) return std::move(request).error(EROFS);
  if (node->is_for_appending) return attributes_for_appending(std::move(request), node, size);
  if (size != node->snapshot->attributes(node->kind).size)
    return report(std::move(request), keeps_its_size(*node));
  std::move(request).attributes(file_attributes(*node), attributes_valid(*node));
}

}  // namespace ndcat
