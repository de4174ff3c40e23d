// How FileSystem has pages given up that the kernel keeps of files which are open for writing.

#include <utility>

#include "fs/files/clocks.h"
#include "fs/mount/file_system.h"

namespace ndcat {
namespace {

// Between two requests of one write(2), on a machine that is not overloaded, by far.
constexpr Nanoseconds kBetweenRequests = 100'000'000;

}  // namespace

void FileSystem::connect(const std::string& mountpoint, std::uint64_t device, const PageDropper::Notify& drop,
                         PageInspector::Retrieve retrieve) {
  // Writers wait for the inspector, with the lock that the dropper's outrider would need.
  inspector_.start(std::move(retrieve), drop);
  dropper_.emplace(mountpoint, device, drop);
  const auto send_out = [this](InodeNumber number, Index offset, Index length) {
    drop_pages(number, {offset, length});
  };
  trimmer_.start(send_out, drop);
}

void FileSystem::disconnect() {
  inspector_.stop();
  if (dropper_) dropper_->stop();
  trimmer_.stop();
}

void FileSystem::drop_pages(InodeNumber number, const GiveUp& what) {
  const NodeReference file = inodes_.find(number);
  if (file == nullptr) return;  // of an inode that the kernel has forgotten there is nothing to drop
  // Its pages show what was written already, so that the kernel need not wait for one to be written back.
  const auto is_urgent = [this, number] { return is_being_written(number); };
  const int failure = dropper_->drop(file, what, is_urgent);
  if (failure != 0) open_files_.note_untold_failure(number, failure);
}

/// By a write(2), through the cache.
bool FileSystem::is_being_written(InodeNumber number) const {
  const auto baseline = open_files_.baseline(number);
  return baseline != nullptr && monotonic_clock() - baseline->answered_at() < kBetweenRequests;
}

bool FileSystem::is_from_dropper(const Request& request) const {
  return dropper_ && dropper_->is(request.process());
}

// Somebody else has it open, for whom nothing is to change. The handle is one that nothing can be written
// through, whatever may be sent with it.
void FileSystem::open_for_dropper(Request request, const Node& node, fuse_file_info file) {
  file.keep_cache = 1;
  file.noflush = 1;
  file.fh = OpenFiles::kReadOnly;
  answer_open(std::move(request), node, Descriptor(), file);
}

}  // namespace ndcat
