// SourceReader: SourceBytes for one read request, over maps and pread.
//
// It keeps hold of every handle that the request touches and, after the bytes were copied, checks the files
// behind them: a file that was truncated gives SIGBUS beyond its last page but plain zeros within it, so that
// only its size tells. Lives on the stack of one request, outside the frame that run_guarded() may leave.
#pragma once

#include <array>
#include <cstdint>
#include <optional>

#include "core/reading/source_bytes.h"
#include "fs/files/sources.h"
#include "manifests/resolve/source_table.h"

namespace ndcat {

class SourceReader final : public SourceBytes {
 public:
  /// `uses` says which file each SourceId of core/ stands for.
  SourceReader(Sources& sources, const SourceTable& uses);
  ~SourceReader() override;
  SourceReader(const SourceReader&) = delete;
  SourceReader& operator=(const SourceReader&) = delete;

  Index longest_span(SourceId source) override;
  const std::byte* bytes(SourceId source, SourceOffset offset, Index length) override;
  bool copy(std::byte* to, SourceId source, SourceOffset offset, Index length) override;

  /// After the last use of the bytes, still under the guard: false when a check failed.
  bool finish();
  /// What went wrong: after bytes() or finish() failed.
  [[nodiscard]] SourceFault fault() const;
  /// What went wrong, after the guard was left for an access to `address`.
  SourceFault fault_at(const void* address);

 private:
  struct Pin {
    Handle* handle = nullptr;
    SourceId source = 0, file = 0;
    Index end = 0;  // of the bytes that were handed out
  };
  Pin* pin(SourceId source);
  bool add_pin(SourceId source);
  const std::byte* read_into_scratch(const Pin& pin, Index offset, Index length);
  /// Bytes [begin, end) of the file to `to`; false with a fault when they cannot be read.
  bool read_to(std::byte* to, const Pin& pin, Index begin, Index end);
  bool check_pins();
  bool needs_check(const Pin& pin, Nanoseconds now) const;
  void let_go();

  static constexpr std::size_t kMostPins = 64;
  Sources& sources_;
  const SourceTable& uses_;
  const std::size_t most_pins_;
  std::optional<PathWalk> walk_;
  std::optional<SourceFault> fault_;
  std::array<Pin, kMostPins> pins_;
  std::size_t pin_count_ = 0;
  std::array<std::uint8_t, kMostPins> pin_of_{};  // by the source's last bits: probably its pin
  // What the scratch buffer of this thread holds: a part of one pinned file.
  SourceId scratch_source_ = kFill;
  Index scratch_begin_ = 0, scratch_end_ = 0;
};

}  // namespace ndcat
