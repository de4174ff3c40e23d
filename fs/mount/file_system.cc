#include "fs/mount/file_system.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <functional>
#include <string_view>
#include <utility>

#include "fs/files/clocks.h"
#include "fs/mount/attributes.h"
#include "fs/mount/paths.h"

namespace ndcat {
namespace {

// A snapshot's attributes never change, so the kernel need not ask twice. The time is in seconds.
constexpr double kForever = 1e8;
constexpr double kNever = 0;

// Disks answer better to several questions at once; more than these only wait in its queue instead of in
// ours.
constexpr int kReadsPerDevice = 16;
constexpr int kQuestionsPerName = 4;
// A read of the longest request from memory takes less than a tenth of it.
constexpr auto kLongRead = std::chrono::milliseconds(20);

// A push takes a five-hundredth of it; the start of the outrider, before the first, a fiftieth on a machine
// that is not overloaded.
constexpr auto kLongestErrand = std::chrono::milliseconds(500);

constexpr Nanoseconds kKeptUnused = 2'000'000'000;
// Of all files that are open for writing, in bytes.
constexpr std::size_t kMostBaseline = std::size_t{64} << 20;

int at_least_one(int count) { return std::max(count, 1); }

Bulkhead::Lane lane_of_name(const std::string& folder, const std::string& name) {
  return std::hash<std::string>()(join(folder, name));
}

// getxattr's and listxattr's protocol: size 0 asks how much there is.
void answer_sized(Request request, std::string_view value, std::size_t size) {
  if (size == 0) {
    std::move(request).xattr_size(value.size());
  } else if (value.size() > size) {
    std::move(request).error(ERANGE);
  } else {
    std::move(request).data(value);
  }
}

}  // namespace

FileSystem::FileSystem(Catalog& catalog, ManifestRoot root, const ServingOptions& options)
    : catalog_(catalog),
      root_(std::move(root)),
      direct_(options.direct),
      predictor_(options.direct ? Use::never : options.predictor),
      buffers_(options.buffer_memory),
      trimmer_(open_files_, kMostBaseline),
      inspector_([this](PageInspector::HeldWrite write, const std::vector<PageInspector::Part>& unseen) {
        end_write_through_cache(std::move(write), unseen);
      }),
      questions_(kQuestionsPerName, at_least_one(options.max_threads * 3 / 8)),
      reads_(std::min(kReadsPerDevice, at_least_one(options.max_threads / 4)),
             at_least_one(options.max_threads / 2)) {
  if (options.reads_at_once) turnstile_.emplace(*options.reads_at_once, kLongRead);
}

Bulkhead::Lane FileSystem::lane_of(const Node& file) {
  Bulkhead::Lane lane = 0;
  for (const std::uint64_t device : file.snapshot->devices()) lane = lane * 0x9E3779B97F4A7C15 + device;
  return lane;
}

double FileSystem::attributes_valid(const Node& file) {
  return file.snapshot->writer() == nullptr ? kForever : kNever;  // writing changes its times
}

fuse_entry_param FileSystem::file_entry(const Node& file) {
  fuse_entry_param result = {};
  result.entry_timeout = kNever;  // a manifest written from now on is seen by the next open()
  result.ino = file.number;
  result.attr = file_attributes(file);
  result.attr_timeout = attributes_valid(file);
  return result;
}

void FileSystem::begin_pushing(const std::string& mountpoint, const KernelsView& mount) {
  if (predictor_ == Use::never) return;
  mount_ = mount;
  outrider_.emplace(mountpoint);
  pusher_.start([this](const Push& push, Index file_size) {
    const Errand errand{mount_.device, ReadAhead{push, file_size}};
    return outrider_->run(errand, kLongestErrand) != Outrider::Outcome::gone;
  });
}

bool FileSystem::is_from_outrider(const Request& request) const {
  return outrider_ && outrider_->is(request.process());
}

std::string FileSystem::manifest_path(const std::string& folder, const std::string& name) const {
  if (!root_.is_folder) return root_.path;
  return root_.path + "/" + join(folder, name.substr(0, name.rfind('.'))) + ".json";
}

std::variant<fuse_entry_param, int> FileSystem::enter(const std::string& folder, const CatalogEntry& entry,
                                                      bool is_for_appending) {
  fuse_entry_param result = {};
  result.entry_timeout = kNever;
  if (entry.is_folder) {
    const std::string path = join(folder, entry.name);
    const auto attributes = catalog_.folder(path);
    if (const int* error_number = std::get_if<int>(&attributes)) return *error_number;
    result.ino = inodes_.look_up_folder(path)->number;
    result.attr = folder_attributes(result.ino, std::get<FolderAttributes>(attributes));
    result.attr_timeout = kNever;
  } else {
    const bool can_grow = entry.kind == VirtualKind::raw && entry.snapshot->writer() != nullptr &&
                          entry.snapshot->writer()->append_obstacle().empty();
    Node node{.path = folder,
              .snapshot = entry.snapshot,
              .kind = entry.kind,
              .manifest = manifest_path(folder, entry.name),
              .is_for_appending = is_for_appending && can_grow};
    if (node.is_for_appending) return enter_for_appending(std::move(node), entry.name);
    return file_entry(*inodes_.look_up_file(std::move(node)));
  }
  return result;
}

// Whatever it looks up, it is told of the file that its errand is about, and then of none.
void FileSystem::look_up_for_outrider(Request request, const NodeReference& target) {
  if (target == nullptr) return std::move(request).error(ENOENT);
  const NodeReference file = inodes_.look_up_file(*target);
  const fuse_entry_param entry = file_entry(*file);
  if (!std::move(request).entry(entry)) inodes_.forget(file->number, 1);
}

void FileSystem::lookup(Request request, InodeNumber parent, const std::string& name) {
  if (is_from_outrider(request)) return look_up_for_outrider(std::move(request), pusher_.take_target());
  if (is_from_dropper(request)) return look_up_for_outrider(std::move(request), dropper_->take_target());
  const NodeReference folder = inodes_.find(parent);
  if (folder == nullptr) return std::move(request).error(ESTALE);
  const Bulkhead::Lane lane = lane_of_name(folder->path, name);
  const bool appends = intents_.has(request.process());
  request.let_kill_interrupt();
  questions_.run(lane, [this, folder, name, appends, request = std::move(request)]() mutable {
    const auto found = catalog_.find(folder->path, name);
    if (const int* error_number = std::get_if<int>(&found)) return std::move(request).error(*error_number);
    const auto entered = enter(folder->path, std::get<CatalogEntry>(found), appends);
    if (const int* error_number = std::get_if<int>(&entered)) return std::move(request).error(*error_number);
    const auto& entry = std::get<fuse_entry_param>(entered);
    if (!std::move(request).entry(entry)) inodes_.forget(entry.ino, 1);
  });
}

void FileSystem::get_attributes(Request request, InodeNumber number) {
  const NodeReference node = inodes_.find(number);
  if (node == nullptr) return std::move(request).error(ESTALE);
  if (node->is_for_appending) return attributes_for_appending(std::move(request), node);
  if (!node->is_folder())
    return std::move(request).attributes(file_attributes(*node), attributes_valid(*node));
  request.let_kill_interrupt();
  questions_.run(number, [this, node, request = std::move(request)]() mutable {
    const auto attributes = catalog_.folder(node->path);
    if (const int* error_number = std::get_if<int>(&attributes))
      return std::move(request).error(*error_number);
    std::move(request).attributes(folder_attributes(node->number, std::get<FolderAttributes>(attributes)),
                                  kNever);
  });
}

void FileSystem::access(Request request, InodeNumber number, int mask) {
  const NodeReference node = inodes_.find(number);
  if (node == nullptr) return std::move(request).error(ESTALE);
  if ((mask & W_OK) != 0) {
    const bool has_writer = !node->is_folder() && node->snapshot->writer() != nullptr;
    const std::uint32_t permissions = has_writer ? node->snapshot->attributes(node->kind).permissions : 0;
    if (!has_writer || (permissions & 0222) == 0)
      return std::move(request).error(has_writer ? EACCES : EROFS);
  }
  std::move(request).error((mask & X_OK) != 0 && !node->is_folder() ? EACCES : 0);
}

void FileSystem::open(Request request, InodeNumber number, fuse_file_info file) {
  const NodeReference node = inodes_.find(number);
  if (node == nullptr || node->is_folder()) return std::move(request).error(ESTALE);
  if (is_from_dropper(request)) return open_for_dropper(std::move(request), *node, file);
  if (wants_to_append(*node, file)) return open_for_appending(std::move(request), node, file);
  if (node->is_for_appending) {  // the name of a thread that wanted to append leads here; not for this open
    intents_.remove(request.process());
    return std::move(request).error(ESTALE);
  }
  if ((file.flags & O_ACCMODE) != O_RDONLY || (file.flags & O_TRUNC) != 0) {
    return open_for_writing(std::move(request), node, file);
  }
  file.noflush = 1;
  file.direct_io = direct_ ? 1 : 0;
  if (is_from_outrider(request)) {  // who reads what another has open, and changes nothing for him
    file.keep_cache = 1;
    return answer_open(std::move(request), *node, Descriptor(), file);
  }
  request.let_kill_interrupt();
  questions_.run(number, [this, node, file, request = std::move(request)]() mutable {
    // Before is_current(): a source that has just been replaced is then found out as ever.
    const Descriptor source = passthrough_ ? node->snapshot->open_backing_file(node->kind) : Descriptor();
    // On ESTALE the kernel looks the path up again and opens what it finds.
    if (!catalog_.is_current(*node->snapshot)) return std::move(request).error(ESTALE);
    file.keep_cache = catalog_.may_keep_cache(*node->snapshot, node->kind) ? 1 : 0;
    if (file.keep_cache == 0) node->snapshot->forget_what_was_read();
    if (auto predictor = predictor_for(*node, file.flags, mount_, predictor_)) {
      file.fh = followed_files_.add(*std::move(predictor));
    }
    answer_open(std::move(request), *node, source, file);
  });
}

void FileSystem::answer_open(Request request, const Node& node, const Descriptor& source,
                             fuse_file_info file) {
  if (passthrough_ && !pass_through(request, node, source, file)) return followed_files_.remove(file.fh);
  if (std::move(request).opened(file)) return;
  followed_files_.remove(file.fh);
  if (passthrough_) backing_ids_.release(node.number);
}

void FileSystem::read(Request request, InodeNumber number, std::size_t size, Index offset,
                      fuse_file_info file) {
  const NodeReference node = inodes_.find(number);
  if (node == nullptr || node->is_folder()) return std::move(request).error(ESTALE);
  if (size > kMaxRequest || offset < 0) return std::move(request).error(EINVAL);
  const Bulkhead::Lane lane = lane_of(*node);
  request.let_kill_interrupt();
  const std::optional<Push> push = followed_files_.on_read(file.fh, offset, static_cast<Index>(size));
  reads_.run(lane, [this, node, size, offset, file, push, request = std::move(request)]() mutable {
    std::optional<Turnstile::Pass> pass;
    if (turnstile_) pass.emplace(*turnstile_);
    answer_read(std::move(request), node, size, offset, file, push);
    node->snapshot->prepare();
  });
}

void FileSystem::answer_read(Request request, const NodeReference& node, std::size_t size, Index offset,
                             const fuse_file_info& file, const std::optional<Push>& push) {
  if (size == 0) return static_cast<void>(std::move(request).data(std::span<const std::byte>()));
  ReadBuffers::Lease buffer = buffers_.borrow(size);
  if (buffer.empty()) return std::move(request).error(ENOMEM);
  if (node->is_for_appending)
    return read_with_tail(std::move(request), *node, offset, buffer.bytes().first(size));
  const auto baseline = baseline_of_reads(*node, file);
  std::shared_lock<std::shared_mutex> lock;
  if (baseline != nullptr) {
    trimmer_.look();  // before the answer: who waits for it asks for no more meanwhile
    lock = baseline->lock_for_pages();
  }
  auto result = node->snapshot->read_in_place(node->kind, offset, buffer.bytes().first(size));
  if (const auto* failure = std::get_if<ReadFailure>(&result)) return report(std::move(request), *failure);
  BytesRead& read = std::get<BytesRead>(result);
  if (baseline != nullptr && !read.bytes.empty()) {
    baseline->put_read(offset, read.bytes, monotonic_clock());
    // At once, so that whoever gets the lock next finds it in the page.
    return static_cast<void>(std::move(request).data(read.bytes));
  }
  if (!push) return static_cast<void>(std::move(request).data(read.bytes));
  pusher_.push_then_answer({std::move(request), std::move(buffer), std::move(read), node}, *push);
}

void FileSystem::trim() {
  const Nanoseconds long_ago = monotonic_clock() - kKeptUnused;
  catalog_.trim(long_ago);
  buffers_.trim(long_ago);
}

void FileSystem::seek(Request request, InodeNumber number, Index offset, int whence) {
  const NodeReference node = inodes_.find(number);
  if (node == nullptr || node->is_folder()) return std::move(request).error(ESTALE);
  if (whence != SEEK_DATA && whence != SEEK_HOLE) return std::move(request).error(EINVAL);
  // Pages that were stored to may lie in what is a hole to the sources.
  if (node->snapshot->writer() != nullptr) {
    const Index end = node->snapshot->attributes(node->kind).size;
    if (offset < 0 || offset >= end) return std::move(request).error(ENXIO);
    return std::move(request).offset(whence == SEEK_DATA ? offset : end);
  }
  const auto found = whence == SEEK_DATA ? node->snapshot->seek_data(node->kind, offset)
                                         : node->snapshot->seek_hole(node->kind, offset);
  if (!found) return std::move(request).error(ENXIO);
  std::move(request).offset(*found);
}

void FileSystem::get_extended_attribute(Request request, InodeNumber number, const std::string& name,
                                        std::size_t size) {
  const NodeReference node = inodes_.find(number);
  if (node == nullptr) return std::move(request).error(ESTALE);
  const auto value = extended_attribute(*node, name);
  if (!value) return std::move(request).error(ENODATA);
  answer_sized(std::move(request), *value, size);
}

void FileSystem::list_extended_attributes(Request request, InodeNumber number, std::size_t size) {
  const NodeReference node = inodes_.find(number);
  if (node == nullptr) return std::move(request).error(ESTALE);
  std::string names;
  for (const std::string& name : extended_attribute_names(*node)) names.append(name).push_back('\0');
  answer_sized(std::move(request), names, size);
}

}  // namespace ndcat
