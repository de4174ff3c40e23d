#include "fs/files/manifest_file.h"

#include <algorithm>
#include <utility>

#include "fs/files/clocks.h"

#ifdef __GLIBC__
#include <malloc.h>
#endif

namespace ndcat {
namespace {

constexpr std::size_t kManyFiles = 10'000;

/// What resolving very many sources took for a while goes back to the system: the allocator would keep most
/// of it, in the arenas of the threads that happened to resolve.
void give_back_memory() {
#ifdef __GLIBC__
  ::malloc_trim(0);
#endif
}

}  // namespace

ManifestFile::ManifestFile(FileSnapshot::Names names, std::shared_ptr<const CatalogContext> context)
    : names_(std::move(names)), context_(std::move(context)) {}

std::shared_ptr<const FileSnapshot> ManifestFile::known() const {
  const std::lock_guard lock(snapshot_mutex_);
  return snapshot_;
}

std::shared_ptr<const FileSnapshot> ManifestFile::looked_at() const {
  const std::lock_guard lock(snapshot_mutex_);
  return looked_at_;
}

std::shared_ptr<const FileSnapshot> ManifestFile::current() {
  const Nanoseconds asked = monotonic_clock();
  const std::lock_guard lock(mutex_);
  return current_locked(asked);
}

std::shared_ptr<const FileSnapshot> ManifestFile::current_locked(Nanoseconds asked) {
  // Whoever waited for a look that began after they asked has their answer: many opens at once look once or
  // twice.
  if (known() != nullptr && looked_ > asked) return known();
  const Nanoseconds began = monotonic_clock();
  if (!still_current()) {
    resolve_anew();
    if (known()->files().size() >= kManyFiles) give_back_memory();
  }
  looked_ = began;
  std::shared_ptr<const FileSnapshot> now = known();
  now->all_paths_were_checked(began);
  return now;
}

std::shared_ptr<const FileSnapshot> ManifestFile::current_or_known() {
  const Nanoseconds asked = monotonic_clock();
  std::unique_lock lock(mutex_, std::defer_lock);
  std::shared_ptr<const FileSnapshot> last = known();
  if (last == nullptr) {
    lock.lock();
    return current_locked(asked);
  }
  if (!lock.try_lock()) return last;
  const auto& devices = last->files().devices();
  const bool may_hang = std::any_of(devices.begin(), devices.end(),
                                    [](const DeviceInfo& device) { return device.kind.is_remote; });
  if (may_hang && manifest_unchanged()) return last;
  return current_locked(asked);
}

bool ManifestFile::still_current() {
  const std::shared_ptr<const FileSnapshot> last = looked_at();
  return last != nullptr && is_conclusive_ && all_hold(facts_, last->files(), context_->new_walk());
}

/// The manifest alone, not what it names.
bool ManifestFile::manifest_unchanged() {
  PathWalk walk = context_->new_walk();
  const auto own = std::find_if(facts_.begin(), facts_.end(), [&](const Fact& fact) {
    return fact.kind == Fact::Kind::is_manifest && fact.path == names_.path;
  });
  return own != facts_.end() && still_holds(*own, walk);
}

void ManifestFile::resolve_anew() {
  const auto& memory = context_->header_memory;
  ResolvedFiles resolved =
      resolve_files(names_.path, names_.shown_as, context_->new_walk(), memory ? &*memory : nullptr);
  const bool is_conclusive = times_are_conclusive(resolved.facts, resolved.files, resolved.began);
  auto snapshot = std::make_shared<const FileSnapshot>(names_, resolved, context_);
  is_conclusive_ = is_conclusive;
  facts_ = std::move(resolved.facts);
  const std::lock_guard lock(snapshot_mutex_);
  if (looked_at_ != nullptr && looked_at_->same_as(*snapshot)) return;
  looked_at_ = snapshot;
  if (snapshot_ != nullptr && snapshot_->goes_on_as(*snapshot)) {
    snapshot_->note_change(*snapshot);
    kept_numbers_ = {};  // pages that were cached before may hold what the sources no longer do
  } else {
    if (snapshot_ != nullptr) snapshot->comes_after(*snapshot_);
    snapshot_ = std::move(snapshot);
  }
}

bool ManifestFile::may_keep_cache(const FileSnapshot& snapshot, VirtualKind kind) {
  if (!snapshot.is_settled()) return false;
  const std::lock_guard lock(snapshot_mutex_);
  if (snapshot_.get() != &snapshot) return false;
  return std::exchange(kept_numbers_[static_cast<std::size_t>(kind)], snapshot.number()) == snapshot.number();
}

}  // namespace ndcat
