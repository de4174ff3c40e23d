#include "fs/files/writing/tail_writer.h"

#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>

#include "core/algebra/array_size.h"
#include "fs/files/read_start.h"
#include "fs/files/writing/rewrite_header.h"
#include "manifests/numpy_header.h"

namespace ndcat {
namespace {

/// Of several tails some share one; not of one catalog, as for elements (see source_writer.cc).
std::mutex& mutex_of_file(const FileIdentity& file) {
  static std::array<std::mutex, 64> mutexes;
  return mutexes[((file.device * 0x9E3779B97F4A7C15u) ^ file.inode) % mutexes.size()];
}

/// Of an array that was resolved, so that its size does not overflow.
Index size_of(const NumpyHeader& array) { return *array_size(array.dtype, array.shape); }

Index row_size_of(NumpyHeader array) {
  slowest_extent(array) = 1;
  return size_of(array);
}

}  // namespace

/// The tail, open and found to be the snapshot's file.
class TailWriter::Open {
 public:
  explicit Open(TailWriter& self) {
    std::optional<PathWalk> walk;
    std::variant<Handle*, SourceFault> opened = self.sources_.open(self.file_, walk);
    if (auto* const found = std::get_if<SourceFault>(&opened)) {
      fault = std::move(*found);
      return;
    }
    handle_ = std::get<Handle*>(opened);
    fault = self.sources_.check(self.file_, *handle_, walk);
  }
  ~Open() {
    if (handle_ != nullptr) handle_->let_go();
  }
  Open(const Open&) = delete;
  Open& operator=(const Open&) = delete;

  [[nodiscard]] int fd() const { return handle_->fd(); }
  std::optional<SourceFault> fault;  // then there is no fd

 private:
  Handle* handle_ = nullptr;
};

TailWriter::TailWriter(const Tail& tail, SourceId file, Sources& sources, DirtyFiles& dirty)
    : tail_(tail),
      file_(file),
      sources_(sources),
      dirty_(dirty),
      row_size_(row_size_of(tail.array)),
      end_(tail.array.length + size_of(tail.array)),
      mutex_(mutex_of_file(sources.files().identity(file))) {}

SourceFault TailWriter::failed(const char* what, int error_number) const {
  return {error_number, file_, what + (": " + reason_of(error_number))};
}

std::variant<Index, SourceFault> TailWriter::behind(int fd) const {
  struct stat status;
  if (::fstat(fd, &status) != 0) return failed("cannot be looked at", errno);
  return std::max<Index>(status.st_size - end_, 0);
}

SourceFault TailWriter::has_more(Index behind) const {
  const Index waiting = behind % row_size_;
  if (waiting != 0) {
    return {ESTALE, file_,
            "has " + std::to_string(waiting) + " bytes at its end of a row that has " +
                std::to_string(row_size_) + "; only by O_APPEND can the rest be added"};
  }
  return {ESTALE, file_, "has more at its end than when the array was opened; append to it, or open it anew"};
}

std::optional<SourceFault> TailWriter::make_room() {
  if (tail_.header.empty() || has_room_to_grow(tail_.header)) return std::nullopt;
  const std::lock_guard lock(mutex_);
  return rewrite_header(sources_, file_, tail_);
}

std::optional<SourceFault> TailWriter::add(int fd, std::span<const std::byte> bytes, std::size_t& added) {
  is_settled_.store(false, std::memory_order_release);
  while (added < bytes.size()) {
    const auto rest = bytes.subspan(added);
    // pwritev2 does not change them.
    const iovec part{const_cast<std::byte*>(rest.data()), rest.size()};
    const ssize_t put = ::pwritev2(fd, &part, 1, 0, RWF_APPEND);
    if (put < 0 && errno == EINTR) continue;
    dirty_.add(file_);
    if (put <= 0) return failed("cannot be appended to", put < 0 ? errno : EIO);
    added += static_cast<std::size_t>(put);
  }
  return std::nullopt;
}

std::variant<std::size_t, SourceFault> TailWriter::append(std::span<const std::byte> bytes) {
  const std::lock_guard lock(mutex_);  // first: after it nobody puts another file in the place of this one
  const Open open(*this);
  if (open.fault) return *open.fault;
  std::size_t added = 0;
  std::optional<SourceFault> fault = add(open.fd(), bytes, added);
  if (fault && added == 0) return *std::move(fault);
  return added;
}

std::optional<SourceFault> TailWriter::extend(Index begin, std::span<const std::byte> bytes) {
  const std::lock_guard lock(mutex_);
  const Open open(*this);
  if (open.fault) return open.fault;
  const auto before = behind(open.fd());
  if (const auto* const fault = std::get_if<SourceFault>(&before)) return *fault;
  if (std::get<Index>(before) < grown()) return SourceFault{ESTALE, file_, "was truncated"};
  const std::size_t known =
      static_cast<std::size_t>(std::clamp<Index>(grown() - begin, 0, std::ssize(bytes)));
  for (std::size_t at = 0; at < known;) {
    const auto position = end_ + begin + static_cast<Index>(at);
    const ssize_t put = ::pwrite(open.fd(), bytes.data() + at, known - at, position);
    if (put < 0 && errno == EINTR) continue;
    dirty_.add(file_);
    if (put <= 0) return failed("cannot be written", put < 0 ? errno : EIO);
    at += static_cast<std::size_t>(put);
  }
  if (known == bytes.size()) return std::nullopt;
  if (std::get<Index>(before) != grown()) return has_more(std::get<Index>(before));
  std::size_t added = 0;
  std::optional<SourceFault> fault = add(open.fd(), bytes.subspan(known), added);
  const Index expected = grown() + static_cast<Index>(added);
  const auto after = behind(open.fd());
  if (const auto* const other = std::get_if<SourceFault>(&after)) return *other;
  // Somebody past this process has appended at the same moment: nobody knows whose bytes come first.
  if (std::get<Index>(after) != expected) return has_more(std::get<Index>(after));
  grown_.store(expected, std::memory_order_release);
  return fault;
}

std::optional<SourceFault> TailWriter::read(Index begin, std::span<std::byte> out) {
  const Open open(*this);
  if (open.fault) return open.fault;
  while (!out.empty()) {
    const ssize_t got = ::pread(open.fd(), out.data(), out.size(), end_ + begin);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return failed("cannot be read", errno);
    if (got == 0) return SourceFault{ESTALE, file_, "was truncated"};
    out = out.subspan(static_cast<std::size_t>(got));
    begin += got;
  }
  return std::nullopt;
}

std::variant<Index, SourceFault> TailWriter::waiting() {
  const Open open(*this);
  if (open.fault) return *open.fault;
  return behind(open.fd());
}

std::optional<SourceFault> TailWriter::settle() {
  if (is_settled_.exchange(true, std::memory_order_acq_rel) || tail_.header.empty()) return std::nullopt;
  const std::lock_guard lock(mutex_);
  const Open open(*this);
  const std::optional<SourceFault> fault = open.fault ? open.fault : write_header(open.fd());
  if (fault) is_settled_.store(false, std::memory_order_release);
  return fault;
}

std::optional<SourceFault> TailWriter::write_header(int fd) {
  const auto more = behind(fd);
  if (const auto* const fault = std::get_if<SourceFault>(&more)) return *fault;
  if (::fdatasync(fd) != 0) return failed("cannot be written to its disk", errno);
  const std::optional<std::string> header = read_start(fd, tail_.array.length);
  if (!header) return failed("cannot be read", errno);
  Result<NumpyHeader> now = parse_numpy_header(*header);
  if (!now || !has_grown(tail_.header, *header)) return SourceFault{ESTALE, file_, "has another header"};
  NumpyHeader array = tail_.array;
  const Index rows = slowest_extent(array) + std::get<Index>(more) / row_size_;
  if (slowest_extent(*now) >= rows) return std::nullopt;
  const std::optional<std::string> grown = grown_numpy_header(*header, rows);
  if (!grown) return SourceFault{ENOSPC, file_, "has no room in its header for the number of its rows"};
  const ssize_t put = ::pwrite(fd, grown->data(), grown->size(), 0);
  dirty_.add(file_);
  if (put == static_cast<ssize_t>(grown->size())) return std::nullopt;
  return failed("cannot be written", put < 0 ? errno : EIO);
}

}  // namespace ndcat
