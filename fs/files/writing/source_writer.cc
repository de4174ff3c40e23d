#include "fs/files/writing/source_writer.h"

#include <unistd.h>

#include <algorithm>
#include <cerrno>

namespace ndcat {
namespace {

/// Who changes a part of an element holds its mutex; of this many, elements share. Not of one catalog:
/// several may be mounted by one process, and share sources.
std::mutex& mutex_of_element(const FileIdentity& file, Index offset) {
  constexpr std::size_t kMutexes = 64;
  static std::array<std::mutex, kMutexes> mutexes;
  std::uint64_t hash = (file.device * 0x9E3779B97F4A7C15u) ^ file.inode;
  hash = (hash ^ static_cast<std::uint64_t>(offset)) * 0xC2B2AE3D27D4EB4Fu;
  return mutexes[(hash >> 32) % kMutexes];
}

}  // namespace

SourceWriter::SourceWriter(Sources& sources, const SourceTable& uses, DirtyFiles& dirty)
    : sources_(sources), uses_(uses), dirty_(dirty), most_pins_(std::min(kMostPins, sources.most_in_use())) {}

SourceWriter::~SourceWriter() {
  for (std::size_t i = 0; i < pin_count_; ++i) pins_[i].handle->let_go();
}

bool SourceWriter::fail(SourceId file, int error_number, std::string reason) {
  fault_ = SourceFault{error_number, file, std::move(reason)};
  return false;
}

SourceWriter::Pin* SourceWriter::pin(SourceId source) {
  for (std::size_t i = 0; i < pin_count_; ++i) {
    const std::size_t k = (last_ + i) % pin_count_;  // most often it is the same one again, or the next
    if (pins_[k].source != source) continue;
    last_ = k;
    return &pins_[k];
  }
  if (pin_count_ == most_pins_) {
    for (const Pin& pinned : pins_) {
      if (pinned.handle != nullptr) pinned.handle->let_go();
    }
    pins_ = {};
    pin_count_ = 0;
  }
  const SourceId file = uses_[source].id;
  std::variant<Handle*, SourceFault> opened = sources_.open(file, walk_);
  if (auto* const fault = std::get_if<SourceFault>(&opened)) {
    fault_ = std::move(*fault);
    return nullptr;
  }
  last_ = pin_count_;
  CopyGate& gate = CopyGate::of(sources_.files().identity(file));
  pins_[pin_count_++] = {std::get<Handle*>(opened), &gate, gate.copies(), source, file};
  fault_ = sources_.check(file, *pins_[last_].handle, walk_);
  return fault_ ? nullptr : &pins_[last_];
}

bool SourceWriter::is_in_place(Pin& pin) {
  if (pin.copies == pin.gate->copies()) return true;
  pin.copies = pin.gate->copies();
  fault_ = sources_.check(pin.file, *pin.handle, walk_);
  return !fault_;
}

bool SourceWriter::write(SourceId source, SourceOffset offset, std::span<const std::byte> bytes) {
  Pin* const pinned = pin(source);
  if (pinned == nullptr) return false;
  const auto lock = pinned->gate->lock_for_writing();
  if (!is_in_place(*pinned)) return false;
  off_t at = static_cast<Index>(offset);
  while (!bytes.empty()) {
    const ssize_t put = ::pwrite(pinned->handle->fd(), bytes.data(), bytes.size(), at);
    if (put < 0 && errno == EINTR) continue;
    if (put <= 0) {
      const int error_number = put < 0 ? errno : EIO;
      dirty_.add(pinned->file);
      return fail(pinned->file, error_number, "cannot be written: " + reason_of(error_number));
    }
    bytes = bytes.subspan(static_cast<std::size_t>(put));
    at += put;
  }
  dirty_.add(pinned->file);
  return true;
}

bool SourceWriter::read(SourceId source, SourceOffset offset, std::span<std::byte> out) {
  const Pin* const pinned = pin(source);
  if (pinned == nullptr) return false;
  off_t at = static_cast<Index>(offset);
  while (!out.empty()) {
    const ssize_t got = ::pread(pinned->handle->fd(), out.data(), out.size(), at);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return fail(pinned->file, errno, "cannot be read: " + reason_of(errno));
    if (got == 0) return fail(pinned->file, ESTALE, "was truncated");
    out = out.subspan(static_cast<std::size_t>(got));
    at += got;
  }
  return true;
}

void SourceWriter::begin_change(SourceId source, SourceOffset offset) {
  const FileIdentity& file = sources_.files().identity(uses_[source].id);
  change_ = std::unique_lock(mutex_of_element(file, static_cast<Index>(offset)));
}

void SourceWriter::end_change() { change_.unlock(); }

SourceFault SourceWriter::fault() const {
  return fault_.value_or(SourceFault{EIO, 0, "cannot be written for a reason that is not known"});
}

}  // namespace ndcat
