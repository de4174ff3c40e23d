#include "fs/files/source_reader.h"

#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <memory>

#include "fs/files/clocks.h"

namespace ndcat {
namespace {

constexpr Index kPageSize = 4096;  // of no architecture is it smaller
constexpr Index kLongestScratchSpan = Index{256} << 10;
// Short spans of one file tend to come in flocks, and a pread of this much costs hardly more than one of a
// few bytes.
constexpr Index kScratchBlock = Index{16} << 10;
constexpr Nanoseconds kMillisecond = 1'000'000;
// A request that touches this few sources can afford to ask the system about each.
constexpr std::size_t kFewPins = 8;

/// Big enough for the longest span with a block at both ends. One a thread, for a reader serves one request
/// at a time.
std::byte* scratch() {
  thread_local const std::unique_ptr<std::byte[]> buffer(
      new std::byte[static_cast<std::size_t>(kLongestScratchSpan + 2 * kScratchBlock)]);
  return buffer.get();
}

}  // namespace

SourceReader::SourceReader(Sources& sources, const SourceTable& uses)
    : sources_(sources), uses_(uses), most_pins_(std::min(kMostPins, sources.most_in_use())) {}

SourceReader::~SourceReader() { let_go(); }

void SourceReader::let_go() {
  for (std::size_t i = 0; i < pin_count_; ++i) pins_[i].handle->let_go();
  pin_count_ = 0;
  scratch_source_ = kFill;
}

SourceReader::Pin* SourceReader::pin(SourceId source) {
  const std::size_t probable = pin_of_[source % kMostPins];
  if (probable < pin_count_ && pins_[probable].source == source) return &pins_[probable];
  for (std::size_t i = 0; i < pin_count_; ++i) {
    if (pins_[i].source == source) {
      pin_of_[source % kMostPins] = static_cast<std::uint8_t>(i);
      return &pins_[i];
    }
  }
  return add_pin(source) ? &pins_[pin_count_ - 1] : nullptr;
}

bool SourceReader::add_pin(SourceId source) {
  if (pin_count_ == most_pins_) {
    if (!check_pins()) return false;
    let_go();
  }
  const SourceId file = uses_[source].id;
  std::variant<Handle*, SourceFault> opened = sources_.open(file, walk_);
  if (auto* const fault = std::get_if<SourceFault>(&opened)) {
    fault_ = std::move(*fault);
    return false;
  }
  std::get<Handle*>(opened)->was_asked_for();
  pin_of_[source % kMostPins] = static_cast<std::uint8_t>(pin_count_);
  pins_[pin_count_++] = {std::get<Handle*>(opened), source, file, 0};
  return true;
}

Index SourceReader::longest_span(SourceId source) {
  const Pin* const pinned = pin(source);
  if (pinned == nullptr || pinned->handle->map() == nullptr) return kLongestScratchSpan;
  return std::max(kLongestScratchSpan, sources_.files().identity(pinned->file).size);
}

const std::byte* SourceReader::bytes(SourceId source, SourceOffset offset, Index length) {
  Pin* const pinned = pin(source);
  if (pinned == nullptr) return nullptr;
  const Index begin = static_cast<Index>(offset);
  pinned->end = std::max(pinned->end, begin + length);
  if (pinned->handle->map() != nullptr) return pinned->handle->map() + begin;
  return read_into_scratch(*pinned, begin, length);
}

bool SourceReader::copy(std::byte* to, SourceId source, SourceOffset offset, Index length) {
  // Short runs come by way of the scratch buffer, which has their neighbours too.
  if (length < kScratchBlock) return SourceBytes::copy(to, source, offset, length);
  const Pin* const pinned = pin(source);
  if (pinned == nullptr) return false;
  if (pinned->handle->map() != nullptr) return SourceBytes::copy(to, source, offset, length);
  const Index begin = static_cast<Index>(offset);
  return read_to(to, *pinned, begin, begin + length);
}

const std::byte* SourceReader::read_into_scratch(const Pin& pinned, Index offset, Index length) {
  std::byte* const buffer = scratch();
  if (scratch_source_ == pinned.source && offset >= scratch_begin_ && offset + length <= scratch_end_) {
    return buffer + (offset - scratch_begin_);
  }
  scratch_source_ = kFill;
  const Index size = sources_.files().identity(pinned.file).size;
  Index begin = offset, end = offset + length;
  if (length < kScratchBlock) {
    begin -= begin % kScratchBlock;
    end = std::min(size, end + kScratchBlock - 1 - (end - 1) % kScratchBlock);
  }
  if (!read_to(buffer, pinned, begin, end)) return nullptr;
  scratch_source_ = pinned.source;
  scratch_begin_ = begin;
  scratch_end_ = end;
  return buffer + (offset - begin);
}

bool SourceReader::read_to(std::byte* to, const Pin& pinned, Index begin, Index end) {
  for (Index at = begin; at < end;) {
    const ssize_t got =
        ::pread(pinned.handle->fd(), to + (at - begin), static_cast<std::size_t>(end - at), at);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) {
      fault_ = SourceFault{errno, pinned.file, "cannot be read: " + reason_of(errno)};
      return false;
    }
    if (got == 0) {
      fault_ = SourceFault{ESTALE, pinned.file,
                           "was truncated: it ends at byte " + std::to_string(at) + ", and had " +
                               std::to_string(sources_.files().identity(pinned.file).size) +
                               " bytes when the manifest was resolved"};
      return false;
    }
    at += got;
  }
  return true;
}

bool SourceReader::finish() { return check_pins(); }

/// False when the bytes handed out are certainly the file's without asking the system, which costs more than
/// copying a short run. A truncation within a page leaves zeros up to the page's end, and one before it
/// faults: so if the last byte of the last page that was touched is not zero, the file reaches beyond it.
/// (Reading it may fault; then the guard is left, and nothing here needs a destructor.)
bool SourceReader::needs_check(const Pin& pinned, Nanoseconds now) const {
  if (pin_count_ <= kFewPins ||
      now - pinned.handle->checked.load(std::memory_order_relaxed) >= kMillisecond) {
    return true;
  }
  if (pinned.handle->map() == nullptr || pinned.end == 0) return false;
  const Index page_end = (pinned.end + kPageSize - 1) / kPageSize * kPageSize;
  const Index last = std::min(page_end, sources_.files().identity(pinned.file).size) - 1;
  const volatile std::byte& sentinel = pinned.handle->map()[last];
  return sentinel == std::byte{0};
}

bool SourceReader::check_pins() {
  const Nanoseconds now = monotonic_clock();
  for (std::size_t i = 0; i < pin_count_; ++i) {
    if (!needs_check(pins_[i], now)) continue;
    fault_ = sources_.check(pins_[i].file, *pins_[i].handle, walk_);
    if (fault_) return false;
  }
  return true;
}

SourceFault SourceReader::fault() const {
  return fault_.value_or(SourceFault{EIO, 0, "cannot be read for a reason that is not known"});
}

SourceFault SourceReader::fault_at(const void* address) {
  for (std::size_t i = 0; i < pin_count_; ++i) {
    const Pin& pinned = pins_[i];
    if (!pinned.handle->map_holds(address)) continue;
    const std::optional<SourceFault> found = sources_.check(pinned.file, *pinned.handle, walk_);
    return found.value_or(SourceFault{EIO, pinned.file, "cannot be read: Input/output error"});
  }
  return {EIO, 0, "a memory map could not be read"};
}

}  // namespace ndcat
