#include "fs/mount/open_files.h"

#include "fs/files/clocks.h"

namespace ndcat {

OpenFiles::Handle OpenFiles::open(NodeReference node, bool may_map) {
  const InodeNumber number = node->number;
  auto file = std::make_shared<OpenFile>();
  file->seen = node->snapshot->writer()->all_seen();
  file->node = std::move(node);
  file->has_maps = may_map;
  file->opened_at = monotonic_clock();
  const std::lock_guard lock(mutex_);
  files_.emplace(++last_, std::move(file));
  if (may_map) {
    Mapped& mapped = mapped_[number];
    if (mapped.baseline == nullptr) mapped.baseline = std::make_shared<PageBaseline>();
    ++mapped.opens;
  }
  return last_;
}

std::shared_ptr<OpenFile> OpenFiles::find(Handle handle) const {
  if (handle == kReadOnly) return nullptr;
  const std::lock_guard lock(mutex_);
  const auto found = files_.find(handle);
  return found == files_.end() ? nullptr : found->second;
}

void OpenFiles::close(Handle handle) {
  if (handle == kReadOnly) return;
  std::shared_ptr<OpenFile> file;  // these two go after the lock
  std::shared_ptr<PageBaseline> baseline;
  const std::lock_guard lock(mutex_);
  const auto found = files_.find(handle);
  if (found == files_.end()) return;
  file = std::move(found->second);
  files_.erase(found);
  if (!file->has_maps) return;
  const auto mapped = mapped_.find(file->node->number);
  if (--mapped->second.opens > 0) return;
  baseline = std::move(mapped->second.baseline);
  mapped_.erase(mapped);
}

std::shared_ptr<PageBaseline> OpenFiles::baseline(InodeNumber number) const {
  const std::lock_guard lock(mutex_);
  const auto found = mapped_.find(number);
  return found == mapped_.end() ? nullptr : found->second.baseline;
}

void OpenFiles::note_untold_failure(InodeNumber number, int error_number) {
  const std::lock_guard lock(mutex_);
  const auto found = mapped_.find(number);
  if (found != mapped_.end()) found->second.untold_failure = error_number;
}

int OpenFiles::take_untold_failure(InodeNumber number) {
  const std::lock_guard lock(mutex_);
  const auto found = mapped_.find(number);
  return found == mapped_.end() ? 0 : std::exchange(found->second.untold_failure, 0);
}

std::vector<std::pair<InodeNumber, std::shared_ptr<PageBaseline>>> OpenFiles::baselines() const {
  std::vector<std::pair<InodeNumber, std::shared_ptr<PageBaseline>>> all;
  const std::lock_guard lock(mutex_);
  for (const auto& [number, mapped] : mapped_) all.emplace_back(number, mapped.baseline);
  return all;
}

}  // namespace ndcat
