#include "fs/files/file_probe.h"

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <optional>
#include <system_error>
#include <thread>

#include "fs/files/clocks.h"
#include "fs/files/directory_stream.h"
#include "fs/files/read_start.h"

namespace ndcat {
namespace {

// Disks and servers answer several questions at once; more threads than this gain little and hold
// descriptors.
constexpr std::size_t kMostThreads = 8;
constexpr std::size_t kWorthThreads = 64;

std::string file_key(const FileIdentity& identity) {
  return std::to_string(identity.device) + ':' + std::to_string(identity.inode);
}

ProbedText refused(ProbeFailure failure, std::string reason) {
  ProbedText text;
  text.failure = failure;
  text.reason = std::move(reason);
  return text;
}

}  // namespace

FileProbe::FileProbe(PathWalk walk, std::optional<Indexing> indexing)
    : walk_(std::move(walk)), indexing_(std::move(indexing)), began_(wall_clock()) {}

const HeaderIndex* FileProbe::known() const {
  return indexing_ && indexing_->known ? &*indexing_->known : nullptr;
}

void FileProbe::add_to_index(const SourceLook& look) {
  if (!indexing_ || look.file.kind.is_memory) return;
  if (look.file.identity.changed > began_ - std::max(indexing_->settle, kCoarsestClock)) return;
  const std::string_view header = numpy_header_in(look.head);
  if (header.empty() && !look.head.empty()) return;  // a manifest, say, or a header longer than what was read
  new_index_.add(look.file.identity, header);
  index_is_new_ = index_is_new_ || !look.was_recalled;
}

std::optional<HeaderIndex> FileProbe::take_new_index() {
  if (!index_is_new_) return std::nullopt;
  new_index_.finish();
  return std::move(new_index_);
}

Facts FileProbe::take_facts() {
  // A link that a listing met and that is a source itself is looked at as such. (Some data sets are nothing
  // but links.)
  std::erase_if(facts_, [&](const Fact& fact) {
    return fact.kind == Fact::Kind::is_none && files_.contains(fact.path);
  });
  return std::move(facts_);
}

FileTable FileProbe::take_files() {
  files_.finish();
  return std::move(files_);
}

void FileProbe::remember_failure(const std::string& path, const RegularFile& file) {
  if (file.is_found) {
    remember(Fact::Kind::is_unchanged, path, file.identity);
  } else {
    facts_.push_back({Fact::Kind::leads_nowhere, path, file.reason, {}});
  }
}

void FileProbe::remember(Fact::Kind kind, const std::string& path, const FileIdentity& identity) {
  facts_.push_back({kind, path, {}, identity});
}

void FileProbe::prefetch(std::span<const std::string> paths, Index head_bytes) {
  prefetched_.clear();
  if (paths.size() < kWorthThreads) return;
  prefetched_bytes_ = head_bytes;
  std::vector<SourceLook> looks(paths.size());
  std::atomic<std::size_t> next{0};
  const auto work = [&](PathWalk walk) {
    for (std::size_t i = next++; i < paths.size(); i = next++) {
      looks[i] = look_at_source(paths[i], head_bytes, walk, known());
    }
  };
  {
    std::vector<std::jthread> helpers;
    try {
      while (helpers.size() + 1 < kMostThreads) helpers.emplace_back(work, walk_);
    } catch (const std::system_error&) {
      // No thread to be had: those that there are do it all.
    }
    work(walk_);
  }
  for (std::size_t i = 0; i < paths.size(); ++i) prefetched_.insert_or_assign(paths[i], std::move(looks[i]));
}

SourceLook FileProbe::look(const std::string& path, Index head_bytes) {
  if (prefetched_bytes_ == head_bytes) {
    const auto node = prefetched_.extract(path);
    if (!node.empty()) return std::move(node.mapped());
  }
  return look_at_source(path, head_bytes, walk_, known());
}

ProbedFile FileProbe::source(const std::string& path, Index head_bytes) {
  SourceLook looked = look(path, head_bytes);
  const RegularFile& file = looked.file;
  ProbedFile probed;
  if (!file.ok()) {
    remember_failure(path, file);
    probed.failure = file.failure;
    probed.reason = file.reason;
    return probed;
  }
  if (files_.find_device(file.identity.device) == nullptr) {
    files_.add_device({file.identity.device, file.kind});
  }
  add_to_index(looked);
  probed.id = files_.add(path, file.identity, header_hash(looked.head));
  probed.size = file.identity.size;
  probed.head = std::move(looked.head);
  return probed;
}

Result<std::string> FileProbe::head(SourceId id, Index length) {
  SourceLook looked = look_at_source(files_.path(id), length, walk_, known());
  if (!looked.file.ok()) return Error{looked.file.reason};
  if (!same_file(looked.file.identity, files_.identity(id)) ||
      looked.file.identity.size != files_.identity(id).size)
    return Error{"changed while it was being looked at"};
  files_.set_header_hash(id, header_hash(looked.head));
  add_to_index(looked);
  return std::move(looked.head);
}

ProbedText FileProbe::manifest(const std::string& path, Index limit) {
  const RegularFile file = open_regular(path, walk_);
  if (!file.ok()) {
    remember_failure(path, file);
    return refused(file.failure, file.reason);
  }
  remember(Fact::Kind::is_manifest, path, file.identity);
  // One byte more than the size tells a file that grows or claims no size (as those of /proc do).
  std::optional<std::string> text = read_start(file.fd.get(), std::min(file.identity.size, limit) + 1);
  if (!text) return refused(ProbeFailure::refused, "cannot be read: " + reason_of(errno));
  if (static_cast<Index>(text->size()) > limit) {
    return refused(ProbeFailure::refused, "is longer than " + std::to_string(limit) + " bytes");
  }
  if (static_cast<Index>(text->size()) != file.identity.size) {
    return refused(ProbeFailure::refused, "changed its size while it was being read");
  }
  ProbedText probed;
  probed.text = *std::move(text);
  probed.identity = file_key(file.identity);
  return probed;
}

ProbedDirectory FileProbe::directory(const std::string& path) {
  ProbedDirectory probed;
  const auto refuse = [&](ProbeFailure failure, const std::string& reason) {
    probed.failure = failure;
    probed.reason = reason;
    return probed;
  };
  const Location location = walk_.locate(path);
  if (!location.ok()) {
    facts_.push_back({Fact::Kind::leads_nowhere, path, location.reason, {}});
    return refuse(location.failure, location.reason);
  }
  remember(Fact::Kind::is_unchanged, path, location.identity);
  if (!location.identity.is_directory()) return refuse(ProbeFailure::absent, "is not a directory");
  OpenedFile opened = walk_.open(location);
  if (opened.failure != ProbeFailure::none) return refuse(opened.failure, opened.reason);
  probed.identity = file_key(location.identity);

  const int error = for_each_entry(std::move(opened.fd), [&](std::string name, unsigned char type) {
    if (type == DT_REG) {
      probed.entries.push_back({std::move(name), false});
      return;
    }
    // A folder may be our own mount point, which must not be found by a glob; a link may lead to a folder.
    const std::string entry_path = path + '/' + name;
    const Location target = walk_.locate(entry_path);
    const bool is_directory = target.ok() && target.identity.is_directory();
    if (target.is_inside_own_mount() && type == DT_DIR) return;
    if (type != DT_DIR) {
      remember(is_directory ? Fact::Kind::is_directory : Fact::Kind::is_none, entry_path, {});
    }
    probed.entries.push_back({std::move(name), is_directory});
  });
  return error == 0 ? probed : refuse(ProbeFailure::refused, reason_of(error));
}

}  // namespace ndcat
