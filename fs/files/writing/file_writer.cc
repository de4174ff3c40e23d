#include "fs/files/writing/file_writer.h"

#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <utility>

#include "fs/files/clocks.h"
#include "fs/files/read_start.h"
#include "manifests/numpy_header.h"

namespace ndcat {
namespace {

constexpr Index kMagicAndLength = 12;

/// How long the NumPy header is that a file begins with; 0: it has none. Nothing when it cannot be read.
std::optional<Index> header_length(int fd) {
  const std::optional<std::string> head = read_start(fd, kMagicAndLength);
  if (!head) return std::nullopt;
  if (!has_numpy_magic(*head)) return 0;
  const Result<Index> length = numpy_header_length(*head);
  return length.ok() ? *length : 0;
}

bool differ(std::span<const std::byte> a, std::span<const std::byte> b, std::size_t begin,
            std::size_t length) {
  return std::memcmp(a.data() + begin, b.data() + begin, length) != 0;
}

}  // namespace

Result<std::unique_ptr<FileWriter>> FileWriter::make(const WrittenArray& array,
                                                     std::shared_ptr<const FileTable> files,
                                                     std::shared_ptr<const CatalogContext> context) {
  Result<ArrayWriter> writer = ArrayWriter::make(array.layout);
  if (!writer) return writer.error();
  return std::unique_ptr<FileWriter>(
      new FileWriter(array, *std::move(writer), std::move(files), std::move(context)));
}

FileWriter::FileWriter(const WrittenArray& array, ArrayWriter writer, std::shared_ptr<const FileTable> files,
                       std::shared_ptr<const CatalogContext> context)
    : array_(array),
      writer_(std::move(writer)),
      sources_(std::move(files), std::move(context), Purpose::writing),
      dirty_(sources_.files().size()) {
  if (array.tail == nullptr) return;
  tail_.emplace(*array.tail, array.sources[array.tail->source].id, sources_, dirty_);
}

std::optional<ReadFailure> FileWriter::may_write() {
  if (may_write_.load(std::memory_order_relaxed)) return std::nullopt;
  std::optional<PathWalk> walk;
  for (std::size_t use = 0; use < array_.sources.size(); ++use) {
    const std::optional<SourceFault> fault = try_file(static_cast<SourceId>(use), walk);
    if (fault) return failure(*fault);
  }
  may_write_.store(true, std::memory_order_relaxed);
  return std::nullopt;
}

std::optional<SourceFault> FileWriter::try_file(SourceId use, std::optional<PathWalk>& walk) {
  const SourceUse source = array_.sources[use];
  std::variant<Handle*, SourceFault> opened = sources_.open(source.id, walk);
  if (auto* const fault = std::get_if<SourceFault>(&opened)) return *std::move(fault);
  Handle* const handle = std::get<Handle*>(opened);
  const std::optional<Index> header = header_length(handle->fd());
  const int error_number = errno;
  handle->let_go();
  if (!header) return SourceFault{error_number, source.id, "cannot be read: " + reason_of(error_number)};
  if (source.array_begin >= *header) return std::nullopt;
  return SourceFault{EPERM, source.id,
                     "is a .npy file, of which the manifest takes bytes from " +
                         std::to_string(source.array_begin) + " on: its header would be written over"};
}

std::optional<ReadFailure> FileWriter::check_end(VirtualKind kind, Index offset, Index size) const {
  const Index header_size = kind == VirtualKind::npy ? std::ssize(array_.header) : 0;
  const Index end = header_size + array_.layout.size(), grown = kind == VirtualKind::raw ? this->grown() : 0;
  if (offset >= 0 && size <= end + grown - offset) return std::nullopt;
  if (kind != VirtualKind::raw || !tail_) {
    return ReadFailure{EFBIG, array_.shown_as + ": a write past the end of the array: " +
                                  (kind == VirtualKind::npy && tail_ ? "it grows through its raw view only"
                                                                     : array_.append_obstacle)};
  }
  if (offset >= 0 && offset <= end + grown) return std::nullopt;
  return ReadFailure{EFBIG, array_.shown_as + ": a write past the end of the array would leave a gap"};
}

FileWriter::Parts FileWriter::take_apart(VirtualKind kind, Index offset,
                                         std::span<const std::byte> bytes) const {
  const std::string_view header = kind == VirtualKind::npy ? array_.header : std::string_view();
  const auto header_size = static_cast<Index>(header.size());
  const auto in_header =
      static_cast<std::size_t>(std::clamp<Index>(header_size - offset, 0, std::ssize(bytes)));
  const bool is_same = in_header == 0 || std::memcmp(bytes.data(), header.data() + offset, in_header) == 0;
  return {bytes.first(in_header),
          is_same,
          {offset + static_cast<Index>(in_header) - header_size, bytes.subspan(in_header)}};
}

ReadFailure FileWriter::header_stays() const {
  return {EPERM, array_.shown_as + ": a write to the header, which says what the manifest says"};
}

std::optional<ReadFailure> FileWriter::write(VirtualKind kind, Index offset,
                                             std::span<const std::byte> bytes) {
  if (auto failed = check_end(kind, offset, std::ssize(bytes))) return failed;
  const Parts parts = take_apart(kind, offset, bytes);
  if (!parts.is_same) return header_stays();
  SourceWriter sink(sources_, array_.sources, dirty_);
  return write_run(parts.rest, sink);
}

std::optional<ReadFailure> FileWriter::write_changes(VirtualKind kind, Index offset,
                                                     std::span<const std::byte> bytes,
                                                     std::span<const std::byte> before) {
  if (auto failed = check_end(kind, offset, std::ssize(bytes))) return failed;
  const Parts parts = take_apart(kind, offset, bytes);
  const std::size_t in_header = parts.header.size();
  std::optional<ReadFailure> refused;
  // What a write was refused may still be in the page, and was shown there: nobody has stored it.
  if (!parts.is_same && differ(bytes, before, 0, in_header)) refused = header_stays();
  SourceWriter sink(sources_, array_.sources, dirty_);
  for (const Run& run : changes(parts.rest.begin, parts.rest.bytes, before.subspan(in_header))) {
    std::optional<ReadFailure> failed = write_what_is_exact(run, sink);
    if (failed && failed->error_number != EDOM) return failed;
    if (failed) refused = std::move(failed);
  }
  return refused;
}

std::vector<FileWriter::Run> FileWriter::changes(Index begin, std::span<const std::byte> bytes,
                                                 std::span<const std::byte> before) const {
  std::vector<Run> runs;
  std::size_t run_begin = 0;
  bool in_run = false;
  for (std::size_t at = 0, end = 0; at < bytes.size(); at = end) {
    // The first atom may have begun before, and the last may go on behind.
    const Index atom_end = writer_.atoms().end_of(begin + static_cast<Index>(at));
    end = std::min(static_cast<std::size_t>(atom_end - begin), bytes.size());
    const bool has_changed = differ(bytes, before, at, end - at);
    if (has_changed && !in_run) run_begin = at;
    if (!has_changed && in_run) {
      runs.push_back({begin + static_cast<Index>(run_begin), bytes.subspan(run_begin, at - run_begin)});
    }
    in_run = has_changed;
  }
  if (in_run) runs.push_back({begin + static_cast<Index>(run_begin), bytes.subspan(run_begin)});
  return runs;
}

std::optional<ReadFailure> FileWriter::write_run(const Run& run, SourceWriter& sink) {
  last_write_.store(wall_clock(), std::memory_order_relaxed);
  const VirtualOffset begin{run.begin};
  const Index left = std::clamp<Index>(array_.layout.size() - run.begin, 0, std::ssize(run.bytes));
  const auto bytes = run.bytes.first(static_cast<std::size_t>(left));
  WriteResult result = writer_.check(begin, bytes, sink);
  if (result) result = writer_.write(begin, bytes, sink);
  if (result.status == WriteStatus::source_failed) return failure(sink.fault());
  if (result.status == WriteStatus::not_exact) return not_exact(result);
  if (bytes.size() == run.bytes.size()) return std::nullopt;
  const Index behind = run.begin + left - array_.layout.size();
  if (const auto fault = tail_->extend(behind, run.bytes.subspan(bytes.size()))) return failure(*fault);
  return std::nullopt;
}

std::optional<ReadFailure> FileWriter::may_append() {
  std::optional<PathWalk> walk;
  std::optional<SourceFault> fault = try_file(array_.tail->source, walk);
  if (!fault) fault = tail_->make_room();
  if (fault) return failure(*fault);
  return std::nullopt;
}

std::variant<std::size_t, ReadFailure> FileWriter::append(std::span<const std::byte> bytes) {
  last_write_.store(wall_clock(), std::memory_order_relaxed);
  std::variant<std::size_t, SourceFault> result = tail_->append(bytes);
  if (const auto* const fault = std::get_if<SourceFault>(&result)) return failure(*fault);
  return std::get<std::size_t>(result);
}

std::variant<Index, ReadFailure> FileWriter::end_of_tail() {
  const std::variant<Index, SourceFault> waiting = tail_->waiting();
  if (const auto* const fault = std::get_if<SourceFault>(&waiting)) return failure(*fault);
  return array_.layout.size() + std::get<Index>(waiting);
}

std::optional<ReadFailure> FileWriter::read_appended(Index offset, std::span<std::byte> out) {
  if (const auto fault = tail_->read(offset - array_.layout.size(), out)) return failure(*fault);
  return std::nullopt;
}

std::optional<ReadFailure> FileWriter::write_what_is_exact(const Run& run, SourceWriter& sink) {
  std::optional<ReadFailure> failed = write_run(run, sink);
  if (!failed || failed->error_number != EDOM) return failed;
  const Index end = run.begin + std::ssize(run.bytes);
  for (Index at = run.begin; at < end;) {
    const Index next = std::min(writer_.atoms().end_of(at), end);
    const Run single{
        at, run.bytes.subspan(static_cast<std::size_t>(at - run.begin), static_cast<std::size_t>(next - at))};
    const auto other = write_run(single, sink);
    if (other && other->error_number != EDOM) return other;
    at = next;
  }
  return failed;
}

std::optional<ReadFailure> FileWriter::sync_file(SourceId file, bool only_data,
                                                 std::optional<PathWalk>& walk) {
  std::variant<Handle*, SourceFault> opened = sources_.open(file, walk);
  if (auto* const fault = std::get_if<SourceFault>(&opened)) return failure(*fault);
  Handle* const handle = std::get<Handle*>(opened);
  int result = 0;
  do {
    result = only_data ? ::fdatasync(handle->fd()) : ::fsync(handle->fd());
  } while (result != 0 && errno == EINTR);
  const int error_number = errno;
  handle->let_go();
  if (result == 0) return std::nullopt;
  return failure({error_number, file, "cannot be written to its disk: " + reason_of(error_number)});
}

std::optional<ReadFailure> FileWriter::sync(bool only_data, SeenFailures& seen) {
  const auto lock = dirty_.lock_for_sync();
  if (tail_) {
    dirty_.add(array_.sources[array_.tail->source].id);  // by way of another snapshot, most likely
    if (const auto fault = tail_->settle()) note_failure(failure(*fault));
  }
  std::optional<PathWalk> walk;
  for (std::size_t i = 0; i < dirty_.size(); ++i) {
    const auto file = static_cast<SourceId>(i);
    if (!dirty_.take(file)) continue;
    std::optional<ReadFailure> failed = sync_file(file, only_data, walk);
    if (!failed) continue;
    dirty_.add(file);  // the next sync tries again
    note_failure(*std::move(failed));
  }
  return late_failure(seen);
}

std::optional<ReadFailure> FileWriter::finish(SeenFailures& seen) {
  if (tail_ && !tail_->is_settled()) {
    const auto lock = dirty_.lock_for_sync();
    if (const auto fault = tail_->settle()) note_failure(failure(*fault));
  }
  return late_failure(seen);
}

void FileWriter::note_failure(ReadFailure failure) {
  const std::lock_guard lock(failure_mutex_);
  ++failures_;
  last_failure_ = std::move(failure);
}

std::optional<ReadFailure> FileWriter::late_failure(SeenFailures& seen) {
  const std::lock_guard lock(failure_mutex_);
  if (seen.count == failures_) return std::nullopt;
  seen.count = failures_;
  return last_failure_;
}

SeenFailures FileWriter::all_seen() const {
  const std::lock_guard lock(failure_mutex_);
  return {failures_};
}

ReadFailure FileWriter::failure(const SourceFault& fault) const {
  return {fault.error_number,
          array_.shown_as + ": source " + sources_.files().path(fault.id) + ": " + fault.reason};
}

ReadFailure FileWriter::not_exact(const WriteResult& result) const {
  const SourceId file = array_.sources[result.source].id;
  const Index element = static_cast<Index>(result.at) / array_.layout.view().dtype.itemsize();
  return {EDOM, array_.shown_as + ": source " + sources_.files().path(file) +
                    ": has another dtype, which cannot hold exactly what was to be written to element " +
                    std::to_string(element) + " of the file or to one behind it"};
}

}  // namespace ndcat
