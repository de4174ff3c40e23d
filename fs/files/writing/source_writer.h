// SourceWriter: SourceSink for one request, over pwrite.
//
// Before it writes to a source it checks that the file is still the snapshot's: neither replaced nor cut
// short, so that no write makes it longer. Lives on the stack of one request.
#pragma once

#include <array>
#include <atomic>
#include <memory>
#include <mutex>
#include <optional>
#include <vector>

#include "core/writing/source_sink.h"
#include "fs/files/sources.h"
#include "fs/files/writing/copy_gate.h"
#include "manifests/resolve/source_table.h"

namespace ndcat {

/// Which files have been written to since they were last made to last; by the number in the file table.
/// Thread-safe.
class DirtyFiles {
 public:
  explicit DirtyFiles(std::size_t files) : state_(std::make_shared<State>(files)) {}
  /// From now on one with `other`, which is of the same files. To be called before anything else.
  void share(const DirtyFiles& other) { state_ = other.state_; }
  /// After the bytes were written, and before that is reported.
  void add(SourceId file) { state_->is_dirty[file].store(true, std::memory_order_release); }
  /// Takes one file out; false when it is not in. Precondition: lock_for_sync() is held until it lasts.
  bool take(SourceId file) { return state_->is_dirty[file].exchange(false, std::memory_order_acq_rel); }
  [[nodiscard]] std::size_t size() const { return state_->is_dirty.size(); }
  /// Who comes second waits for the first, who may have taken what the second asks for.
  [[nodiscard]] std::unique_lock<std::mutex> lock_for_sync() { return std::unique_lock(state_->sync_mutex); }

 private:
  struct State {
    explicit State(std::size_t files) : is_dirty(files) {}
    std::vector<std::atomic<bool>> is_dirty;
    std::mutex sync_mutex;
  };
  std::shared_ptr<State> state_;
};

class SourceWriter final : public SourceSink {
 public:
  /// `sources` are for writing. `uses` says which file each SourceId of core/ stands for.
  SourceWriter(Sources& sources, const SourceTable& uses, DirtyFiles& dirty);
  ~SourceWriter() override;
  SourceWriter(const SourceWriter&) = delete;
  SourceWriter& operator=(const SourceWriter&) = delete;

  bool write(SourceId source, SourceOffset offset, std::span<const std::byte> bytes) override;
  bool read(SourceId source, SourceOffset offset, std::span<std::byte> out) override;
  void begin_change(SourceId source, SourceOffset offset) override;
  void end_change() override;

  /// What went wrong, after write() or read() failed.
  [[nodiscard]] SourceFault fault() const;

 private:
  struct Pin {
    Handle* handle = nullptr;
    CopyGate* gate = nullptr;
    std::uint64_t copies = 0;  // before the file was found to be in its place
    SourceId source = 0, file = 0;
  };
  Pin* pin(SourceId source);
  /// Precondition: the pin's gate is held.
  bool is_in_place(Pin& pin);
  bool fail(SourceId file, int error_number, std::string reason);

  static constexpr std::size_t kMostPins = 64;
  Sources& sources_;
  const SourceTable& uses_;
  DirtyFiles& dirty_;
  const std::size_t most_pins_;
  std::optional<PathWalk> walk_;
  std::optional<SourceFault> fault_;
  std::array<Pin, kMostPins> pins_;
  std::size_t pin_count_ = 0;
  std::size_t last_ = 0;  // the pin that was used last
  std::unique_lock<std::mutex> change_;
};

}  // namespace ndcat
