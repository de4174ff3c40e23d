#include "fs/files/panel_cache.h"

#include <utility>

#include "fs/files/clocks.h"

namespace ndcat {
namespace {

/// A reader that has not come back for so long does not suffer much by being slow once.
constexpr Nanoseconds kLeftAlone = 250'000'000;

}  // namespace

struct PanelCache::Stored final : Panel {
  explicit Stored(BufferPool::Buffer memory) : buffer(std::move(memory)) {}
  BufferPool::Buffer buffer;
};

std::size_t PanelCache::Hash::operator()(const PanelKey& key) const {
  return std::hash<std::uint64_t>()(key.snapshot * 0x9E3779B97F4A7C15u +
                                    static_cast<std::uint64_t>(key.begin));
}

bool PanelCache::is_being_built(const PanelKey& key) const {
  const auto found = panels_.find(key);
  return found != panels_.end() && found->second == nullptr;
}

/// The panel at `key`, once it is built; null when there is none, or its build has failed.
PanelCache::Entry PanelCache::wait_for(std::unique_lock<std::mutex>& lock, const PanelKey& key) {
  built_.wait(lock, [&] { return !is_being_built(key); });
  const auto found = panels_.find(key);
  return found == panels_.end() ? nullptr : found->second;
}

PanelCache::Held PanelCache::find(const PanelKey& key, FunctionRef<bool(const Panel&)> is_good) {
  std::unique_lock lock(mutex_);
  const Held found = wait_for(lock, key);
  lock.unlock();
  return found != nullptr && is_good(*found) ? found : nullptr;
}

PanelCache::Held PanelCache::get(const PanelKey& key, Index size, Claim claim,
                                 FunctionRef<bool(const Panel&)> is_good, FunctionRef<bool(Panel&)> build) {
  // What others have built meanwhile may again be no good; then the caller does without.
  for (int tries = 0; tries < 2; ++tries) {
    std::unique_lock lock(mutex_);
    const bool is_built_by_another = is_being_built(key);
    const Entry found = wait_for(lock, key);
    if (found == nullptr) {
      // A build that failed in one thread would fail in each that has waited for it, one after the other.
      if (is_built_by_another) return nullptr;
      return build_now(lock, key, size, claim, build);
    }
    lock.unlock();
    if (is_good(*found)) return found;
    lock.lock();
    const auto still = panels_.find(key);
    if (still != panels_.end() && still->second == found) panels_.erase(still);
  }
  return nullptr;
}

void PanelCache::prepare(const PanelKey& key, Index size, FunctionRef<bool(Panel&)> build) {
  std::unique_lock lock(mutex_);
  if (!panels_.contains(key)) build_now(lock, key, size, Claim::what_was_read, build);
}

PanelCache::Held PanelCache::build_now(std::unique_lock<std::mutex>& lock, const PanelKey& key, Index size,
                                       Claim claim, FunctionRef<bool(Panel&)> build) {
  BufferPool::Buffer buffer = make_room(static_cast<std::size_t>(size), claim);
  if (buffer.empty()) return nullptr;
  const auto panel = std::make_shared<Stored>(std::move(buffer));
  panel->bytes = panel->buffer.bytes().first(static_cast<std::size_t>(size));
  panels_.emplace(key, nullptr);
  lock.unlock();
  const auto finish = [&](bool is_good) {
    lock.lock();
    if (is_good) {
      panel->used = monotonic_clock();
      panels_[key] = panel;
    } else {
      panels_.erase(key);
    }
    lock.unlock();
    built_.notify_all();
  };
  bool is_good = false;
  try {
    is_good = build(*panel);
  } catch (...) {
    finish(false);
    throw;
  }
  finish(is_good);
  return is_good ? panel : nullptr;
}

BufferPool::Buffer PanelCache::make_room(std::size_t size, Claim claim) {
  for (;;) {
    BufferPool::Buffer buffer = pool_.borrow(size);
    if (!buffer.empty() || !drop_one(claim)) return buffer;
  }
}

/// Drops the panel that `claim` allows to drop and that has been left alone for longest.
bool PanelCache::drop_one(Claim claim) {
  const Nanoseconds long_ago = monotonic_clock() - kLeftAlone;
  const auto may_go = [&](const Stored& panel) {
    if (panel.bytes_read >= static_cast<Index>(panel.bytes.size())) return true;
    return claim == Claim::anything || (claim == Claim::what_is_left_alone && panel.used < long_ago);
  };
  auto oldest = panels_.end();
  for (auto one = panels_.begin(); one != panels_.end(); ++one) {
    // Dropping a panel that somebody holds would give no room.
    if (one->second == nullptr || one->second.use_count() > 1 || !may_go(*one->second)) continue;
    if (oldest == panels_.end() || one->second->used < oldest->second->used) oldest = one;
  }
  if (oldest == panels_.end()) return false;
  panels_.erase(oldest);
  return true;
}

void PanelCache::forget(std::uint64_t snapshot) {
  const std::lock_guard lock(mutex_);
  std::erase_if(panels_, [&](const auto& one) { return one.first.snapshot == snapshot; });
}

void PanelCache::trim(Nanoseconds time) {
  {
    const std::lock_guard lock(mutex_);
    std::erase_if(panels_, [&](const auto& one) { return one.second != nullptr && one.second->used < time; });
  }
  pool_.trim(time);
}

}  // namespace ndcat
