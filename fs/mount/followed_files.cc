#include "fs/mount/followed_files.h"

#include <utility>

namespace ndcat {

FollowedFiles::Handle FollowedFiles::add(StridePredictor predictor) {
  auto file = std::make_shared<File>(std::move(predictor));
  const std::lock_guard lock(mutex_);
  files_[next_] = std::move(file);
  return next_++;
}

void FollowedFiles::remove(Handle handle) {
  if (!is_handle(handle)) return;
  const std::lock_guard lock(mutex_);
  files_.erase(handle);
}

std::shared_ptr<FollowedFiles::File> FollowedFiles::find(Handle handle) const {
  const std::lock_guard lock(mutex_);
  const auto found = files_.find(handle);
  return found == files_.end() ? nullptr : found->second;
}

std::optional<Push> FollowedFiles::on_read(Handle handle, Index offset, Index size) {
  if (!is_handle(handle)) return std::nullopt;
  const std::shared_ptr<File> file = find(handle);
  if (file == nullptr) return std::nullopt;
  const std::lock_guard lock(file->mutex);
  return file->predictor.on_read(offset, size);
}

}  // namespace ndcat
