#include "fs/files/file_snapshot.h"

#include <algorithm>
#include <atomic>
#include <cstring>

#include "fs/files/backing_file.h"
#include "fs/files/clocks.h"
#include "fs/files/narrowest.h"
#include "fs/files/resident_range.h"
#include "fs/files/same_array.h"
#include "fs/files/writing/obstacle_text.h"
#include "manifests/describe.h"
#include "manifests/numpy_header.h"
#include "manifests/texts/utf8.h"

namespace ndcat {
namespace {

std::uint64_t next_number() {
  static std::atomic<std::uint64_t> last{0};
  return ++last;
}

std::vector<FileIdentity> manifests_among(const Facts& facts) {
  std::vector<FileIdentity> manifests;
  for (const Fact& fact : facts) {
    if (fact.kind == Fact::Kind::is_manifest) manifests.push_back(fact.identity);
  }
  return manifests;
}

}  // namespace

std::variant<BytesRead, ReadFailure> Snapshot::read_in_place(VirtualKind kind, Index offset,
                                                             std::span<std::byte> room) const {
  auto result = read(kind, offset, room);
  if (auto* const failure = std::get_if<ReadFailure>(&result)) return std::move(*failure);
  return BytesRead{room.first(std::get<std::size_t>(result)), nullptr};
}

const char* suffix(VirtualKind kind) {
  switch (kind) {
    case VirtualKind::npy:
      return ".npy";
    case VirtualKind::raw:
      return ".raw";
    case VirtualKind::json:
      return ".json";
    case VirtualKind::error:
      return ".error";
  }
  return "";
}

FileSnapshot::FileSnapshot(Names names, ResolvedFiles& resolved,
                           std::shared_ptr<const CatalogContext> context)
    : number_(next_number()),
      names_(std::move(names)),
      manifest_(std::move(resolved.resolution.manifest)),
      problems_(std::move(resolved.resolution.problems)),
      manifest_files_(manifests_among(resolved.facts)),
      files_(std::make_shared<const FileTable>(std::move(resolved.files))),
      sources_(files_, context) {
  if (manifest_) lay_out();
  if (manifest_ && manifest_->access == Access::read_write) make_writable(context);
  if (manifest_) {
    array_.emplace(number_, *layout_, manifest_->sources, sources_, writer_ == nullptr,
                   [this] { return is_settled(); });
  }
  for (const DeviceInfo& device : files().devices()) devices_.push_back(device.device);
  // The text of the problems says something of the manifests, and nothing of what is in the sources.
  attributes_ = narrowest(manifest_ ? files() : FileTable(), manifest_files_);
  if (writer_) attributes_.permissions |= write_permissions(files(), attributes_);
  modified_ = attributes_.modified;
  Nanoseconds last_change = 0;
  for (const FileIdentity& file : manifest_files_) last_change = std::max(last_change, file.changed);
  for (std::size_t i = 0; i < files().size(); ++i) {
    last_change = std::max(last_change, files().identity(static_cast<SourceId>(i)).changed);
  }
  last_change_ = last_change;
  if (manifest_) return;
  kinds_ = {VirtualKind::error};
  for (const Problem& problem : problems_) error_ += to_string(problem) + '\n';
}

void FileSnapshot::fail(const std::string& message) {
  problems_.push_back({names_.shown_as, {}, message});
  manifest_.reset();
  kinds_.clear();
}

void FileSnapshot::lay_out() {
  const ArrayView& view = manifest_->view;
  const auto wants = [&](ViewKind kind) {
    return std::find(manifest_->views.begin(), manifest_->views.end(), kind) != manifest_->views.end();
  };
  if (wants(ViewKind::npy)) {
    Result<std::string> header = write_numpy_header(view.dtype, view.shape, manifest_->order);
    if (!header.ok()) {
      return fail("this array cannot be a .npy file: " + header.error().message +
                  "; to have it without, say \"views\": [\"raw\", \"json\"]");
    }
    header_ = *std::move(header);
    kinds_.push_back(VirtualKind::npy);
  }
  if (wants(ViewKind::raw)) kinds_.push_back(VirtualKind::raw);
  // JSON is UTF-8, so a manifest whose name is not cannot be spoken of in it.
  if (wants(ViewKind::json) && !find_invalid_utf8(names_.stem)) {
    // Of the bytes that are there: without a raw file they stand behind the header of the other.
    const VirtualKind described = wants(ViewKind::raw) ? VirtualKind::raw : VirtualKind::npy;
    json_ = describe_array(names_.stem + suffix(described), view.dtype, view.shape, manifest_->order,
                           header_size(described));
    kinds_.push_back(VirtualKind::json);
  }
  Result<FileLayout> layout = FileLayout::plan(view, manifest_->order, static_cast<Index>(header_.size()));
  if (!layout.ok()) return fail(layout.error().message);
  layout_ = *std::move(layout);
}

void FileSnapshot::make_writable(const std::shared_ptr<const CatalogContext>& context) {
  write_obstacle_ = find_obstacle_text(*manifest_, files());
  if (!write_obstacle_.empty() || !context->writable) return;
  append_obstacle_ = find_append_obstacle_text(*manifest_);
  const Tail* const tail = append_obstacle_.empty() ? &*manifest_->tail : nullptr;
  Result<std::unique_ptr<FileWriter>> writer = FileWriter::make(
      {*layout_, manifest_->sources, header_, names_.shown_as, tail, append_obstacle_}, files_, context);
  if (writer.ok()) {
    writer_ = *std::move(writer);
  } else {
    write_obstacle_ = writer.error().message;
  }
}

const std::string& FileSnapshot::text(VirtualKind kind) const {
  return kind == VirtualKind::json ? json_ : error_;
}

Index FileSnapshot::header_size(VirtualKind kind) const {
  return kind == VirtualKind::npy ? static_cast<Index>(header_.size()) : 0;
}

Index FileSnapshot::size(VirtualKind kind) const {
  if (std::find(kinds_.begin(), kinds_.end(), kind) == kinds_.end()) return 0;
  if (kind == VirtualKind::json || kind == VirtualKind::error) return static_cast<Index>(text(kind).size());
  const Index grown = kind == VirtualKind::raw && writer_ ? writer_->grown() : 0;
  return header_size(kind) + layout_->size() + grown;
}

Attributes FileSnapshot::attributes(VirtualKind kind) const {
  Attributes attributes = attributes_;
  attributes.size = size(kind);
  attributes.modified = modified_.load(std::memory_order_relaxed);
  if (writer_) {
    attributes.modified = std::max(attributes.modified, writer_->last_write());
    attributes.changed = std::max(attributes.changed, last_change());
  }
  if (kind == VirtualKind::json || kind == VirtualKind::error) attributes.permissions &= 0444;
  return attributes;
}

Nanoseconds FileSnapshot::last_change() const {
  return std::max(last_change_.load(std::memory_order_relaxed), writer_ ? writer_->last_write() : 0);
}

bool FileSnapshot::is_settled() const {
  const Nanoseconds settle = sources_.context().settle;
  return settle <= 0 || (!files().has_memory_files() && wall_clock() - last_change() >= settle);
}

bool FileSnapshot::same_as(const FileSnapshot& other) const {
  if (manifest_files_ != other.manifest_files_ || error_ != other.error_) return false;
  if (!manifest_ || !other.manifest_) return !manifest_ && !other.manifest_;
  return files().same_files(other.files()) && same_array(*manifest_, *other.manifest_);
}

bool FileSnapshot::goes_on_as(const FileSnapshot& other) const {
  return writer_ && other.writer_ && manifest_files_ == other.manifest_files_ && writer_->grown() == 0 &&
         files().same_but_for_times(other.files()) && same_array(*manifest_, *other.manifest_);
}

bool FileSnapshot::grows_to(const FileSnapshot& other) const {
  return manifest_ && other.manifest_ && manifest_files_ == other.manifest_files_ &&
         files().grows_to(other.files());
}

void FileSnapshot::comes_after(const FileSnapshot& before) const {
  if (writer_ && before.writer_ && before.files().has_same_inodes(files()))
    writer_->share_dirty_files(*before.writer_);
}

void FileSnapshot::note_change(const FileSnapshot& other) const {
  last_change_.store(other.last_change_.load(std::memory_order_relaxed), std::memory_order_relaxed);
  modified_.store(other.modified_.load(std::memory_order_relaxed), std::memory_order_relaxed);
}

std::optional<ReadFailure> FileSnapshot::read_array(Index begin, std::span<std::byte> out) const {
  const Index left = std::clamp<Index>(layout_->size() - begin, 0, std::ssize(out));
  if (left > 0) {
    const auto fault = array_->read(begin, out.first(static_cast<std::size_t>(left)));
    if (fault) return failure(*fault);
  }
  if (left == std::ssize(out)) return std::nullopt;
  return writer_->read_appended(begin + left, out.subspan(static_cast<std::size_t>(left)));
}

std::variant<std::size_t, ReadFailure> FileSnapshot::read(VirtualKind kind, Index offset,
                                                          std::span<std::byte> out) const {
  const Index left = size(kind) - offset;
  if (offset < 0 || left <= 0) return std::size_t{0};
  if (static_cast<std::uint64_t>(left) < out.size()) out = out.first(static_cast<std::size_t>(left));
  const std::size_t count = out.size();
  const bool is_text = kind == VirtualKind::json || kind == VirtualKind::error;
  const std::string& before = is_text ? text(kind) : header_;
  const Index header = is_text ? static_cast<Index>(before.size()) : header_size(kind);
  if (offset < header) {
    const std::size_t part = std::min(out.size(), static_cast<std::size_t>(header - offset));
    std::memcpy(out.data(), before.data() + offset, part);
    out = out.subspan(part);
    offset = header;
  }
  if (out.empty()) return count;
  if (auto failed = read_array(offset - header, out)) return *std::move(failed);
  return count;
}

std::variant<BytesRead, ReadFailure> FileSnapshot::read_in_place(VirtualKind kind, Index offset,
                                                                 std::span<std::byte> room) const {
  const bool is_text = kind == VirtualKind::json || kind == VirtualKind::error;
  const Index header = header_size(kind), left = size(kind) - offset;
  if (is_text || offset < header || left <= 0) return Snapshot::read_in_place(kind, offset, room);
  // What has grown meanwhile is not in the array.
  if (offset - header + std::ssize(room) > layout_->size() && writer_ && writer_->grown() > 0) {
    return Snapshot::read_in_place(kind, offset, room);
  }
  room = room.first(std::min(room.size(), static_cast<std::size_t>(left)));
  std::variant<BytesRead, SourceFault> read = array_->read_in_place(offset - header, room);
  if (const auto* const fault = std::get_if<SourceFault>(&read)) return failure(*fault);
  return std::get<BytesRead>(std::move(read));
}

void FileSnapshot::prepare() const {
  if (array_) array_->prepare();
}

void FileSnapshot::forget_what_was_read() const {
  if (array_) array_->forget_what_was_read();
}

bool FileSnapshot::is_resident(VirtualKind kind, Index offset, Index length) const {
  if (kind == VirtualKind::json || kind == VirtualKind::error) return true;
  const Index header = header_size(kind), begin = std::max(offset, header), end = offset + length;
  if (begin >= end) return true;
  const ByteRange range{VirtualOffset{begin - header}, end - begin};
  return ndcat::is_resident(*layout_, range, sources_, manifest_->sources);
}

ReadFailure FileSnapshot::failure(const SourceFault& fault) const {
  std::string source = fault.id < files().size() ? files().path(fault.id) : "a source";
  return {fault.error_number, names_.shown_as + ": source " + source + ": " + fault.reason};
}

Descriptor FileSnapshot::open_backing_file(VirtualKind kind) const {
  if (kind != VirtualKind::npy && kind != VirtualKind::raw) return {};
  if (writer_) return {};
  const std::string_view header = kind == VirtualKind::npy ? header_ : std::string_view();
  return ndcat::open_backing_file(*layout_, header, manifest_->sources, sources_);
}

}  // namespace ndcat
