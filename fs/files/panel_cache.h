// PanelCache: the panels (see core/layout/panel_plan.h) of all snapshots of a mount, bounded in total.
//
// It knows what a panel costs and who is at it, but not what is in it: a panel is built by the thread that
// first asks for it, others that ask meanwhile wait for that one, and a build that fails leaves nothing. A
// panel that is still being read is never driven out by another: it may be once it has been read to the end,
// or has been left alone for a while. Whoever finds no room does without. Thread-safe.
#pragma once

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <memory>
#include <mutex>
#include <span>
#include <unordered_map>

#include "core/function_ref.h"
#include "fs/files/buffer_pool.h"
#include "fs/files/source_stamps.h"

namespace ndcat {

/// `snapshot` is the number of one; `begin` the array's byte that the panel begins with.
struct PanelKey {
  std::uint64_t snapshot = 0;
  Index begin = 0;
  friend bool operator==(const PanelKey&, const PanelKey&) = default;
};

/// Immutable once built, but for the marks of its use.
struct Panel {
  std::span<std::byte> bytes;
  SourceStamps stamps;    // taken before its bytes were read
  Nanoseconds began = 0;  // monotonic clock, before the stamps were taken
  bool is_settled =
      false;  // its sources had been unchanged for so long that a change would show in their times
  mutable std::atomic<Nanoseconds> checked{0};  // when its stamps were last found to hold
  mutable std::atomic<Index> bytes_read{0};     // by all readers together
  mutable std::atomic<Nanoseconds> used{0};     // last
};

class PanelCache {
 public:
  /// Which panels may be dropped in favour of another. Of those that nobody holds: what was read to the end;
  /// that and what was left alone for a while; any.
  enum class Claim { what_was_read, what_is_left_alone, anything };

  /// Holds a panel; gives its memory back after the last holder.
  using Held = std::shared_ptr<const Panel>;

  /// Panels of at most `limit` bytes together.
  explicit PanelCache(std::size_t limit) : pool_(limit), limit_(limit) {}

  /// The longest panel that leaves room for two more: one that was just read and one that will be read next.
  [[nodiscard]] Index longest_panel() const { return static_cast<Index>(limit_ / 3); }

  /// The panel at `key` if `is_good` likes it; else one that `build` fills in this thread. Null when there is
  /// no room, or the build (of whichever thread) said false. Both are called without a lock and may take
  /// long.
  Held get(const PanelKey& key, Index size, Claim claim, FunctionRef<bool(const Panel&)> is_good,
           FunctionRef<bool(Panel&)> build);
  /// The panel at `key` if there is one that `is_good` likes; waits for one that is being built.
  Held find(const PanelKey& key, FunctionRef<bool(const Panel&)> is_good);
  /// As get(), before anybody needs it: does nothing when there is a panel, built or about to be, or no room
  /// but for what was not read to the end.
  void prepare(const PanelKey& key, Index size, FunctionRef<bool(Panel&)> build);

  /// Drops the panels of a snapshot that is no more.
  void forget(std::uint64_t snapshot);
  /// Drops panels that nobody has used since `time` (monotonic clock), and gives back to the system what has
  /// not been part of a panel since.
  void trim(Nanoseconds time);
  /// Bytes of memory taken from the system.
  [[nodiscard]] std::size_t held() const { return pool_.held(); }

 private:
  struct Hash {
    std::size_t operator()(const PanelKey& key) const;
  };
  struct Stored;
  using Entry = std::shared_ptr<Stored>;  // null: being built
  [[nodiscard]] bool is_being_built(const PanelKey& key) const;
  Entry wait_for(std::unique_lock<std::mutex>& lock, const PanelKey& key);
  Held build_now(std::unique_lock<std::mutex>& lock, const PanelKey& key, Index size, Claim claim,
                 FunctionRef<bool(Panel&)> build);
  BufferPool::Buffer make_room(std::size_t size, Claim claim);
  bool drop_one(Claim claim);

  BufferPool pool_;
  const std::size_t limit_;
  std::mutex mutex_;
  std::condition_variable built_;
  std::unordered_map<PanelKey, Entry, Hash> panels_;
};

}  // namespace ndcat
