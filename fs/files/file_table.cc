#include "fs/files/file_table.h"

#include <algorithm>
#include <functional>

#include "manifests/numpy_header.h"

namespace ndcat {

std::string FileTable::path(SourceId id) const {
  const Entry& entry = entries_[id];
  return folders_[entry.folder] + (names_.c_str() + entry.name_begin);
}

SourceId FileTable::add(const std::string& path, const FileIdentity& identity, std::uint64_t header_hash) {
  const std::size_t path_hash = std::hash<std::string>()(path);
  const auto [begin, end] = by_path_.equal_range(path_hash);
  for (auto known = begin; known != end; ++known) {
    const SourceId id = known->second;
    Entry& entry = entries_[id];
    const bool same_header = entry.header_hash == 0 || header_hash == 0 || entry.header_hash == header_hash;
    if (!same_file(entry.identity, identity) || entry.identity.size != identity.size || !same_header ||
        this->path(id) != path) {
      continue;
    }
    if (entry.header_hash == 0) entry.header_hash = header_hash;
    return id;
  }
  const std::size_t name = path.rfind('/') + 1;  // npos + 1 == 0
  const auto id = static_cast<SourceId>(entries_.size());
  entries_.push_back(
      {identity, header_hash, names_.size(), folder_index(std::string_view(path).substr(0, name))});
  names_.append(path, name).push_back('\0');
  by_path_.emplace(path_hash, id);
  return id;
}

bool FileTable::contains(const std::string& path) const {
  const auto [begin, end] = by_path_.equal_range(std::hash<std::string>()(path));
  return std::any_of(begin, end, [&](const auto& known) { return this->path(known.second) == path; });
}

std::uint32_t FileTable::folder_index(std::string_view folder) {
  // Sources come folder by folder.
  if (!entries_.empty() && folders_[entries_.back().folder] == folder) return entries_.back().folder;
  const auto [found, is_new] =
      folder_numbers_.try_emplace(std::string(folder), static_cast<std::uint32_t>(folders_.size()));
  if (is_new) folders_.emplace_back(folder);
  return found->second;
}

void FileTable::add_device(const DeviceInfo& device) { devices_.push_back(device); }

const DeviceInfo* FileTable::find_device(std::uint64_t device) const {
  const auto found = std::find_if(devices_.begin(), devices_.end(),
                                  [&](const DeviceInfo& known) { return known.device == device; });
  return found == devices_.end() ? nullptr : &*found;
}

bool FileTable::has_memory_files() const {
  return std::any_of(devices_.begin(), devices_.end(),
                     [](const DeviceInfo& device) { return device.kind.is_memory; });
}

void FileTable::finish() {
  folder_numbers_ = {};
  by_path_ = {};
  entries_.shrink_to_fit();
  names_.shrink_to_fit();
}

namespace {

bool same_but_for_times_of(const FileIdentity& a, const FileIdentity& b) {
  return same_file(a, b) && a.size == b.size && a.mode == b.mode && a.uid == b.uid && a.gid == b.gid;
}

}  // namespace

template <class Same>
bool FileTable::same_entries(const FileTable& other, Same same) const {
  return names_ == other.names_ && folders_ == other.folders_ &&
         std::equal(entries_.begin(), entries_.end(), other.entries_.begin(), other.entries_.end(),
                    [&](const Entry& a, const Entry& b) { return same(a, b) && a.folder == b.folder; });
}

bool FileTable::same_files(const FileTable& other) const {
  return same_entries(other, [](const Entry& a, const Entry& b) {
    return a.identity == b.identity && a.header_hash == b.header_hash;
  });
}

bool FileTable::same_but_for_times(const FileTable& other) const {
  return same_entries(other, [](const Entry& a, const Entry& b) {
    return same_but_for_times_of(a.identity, b.identity) && a.header_hash == b.header_hash;
  });
}

bool FileTable::has_same_inodes(const FileTable& other) const {
  return same_entries(other,
                      [](const Entry& a, const Entry& b) { return same_file(a.identity, b.identity); });
}

bool FileTable::grows_to(const FileTable& other) const {
  if (!growing_ || !other.growing_ || growing_->id != other.growing_->id) return false;
  const SourceId grows = growing_->id;
  if (grows >= other.size() || other.identity(grows).size < identity(grows).size) return false;
  return same_entries(other, [&](const Entry& a, const Entry& b) {
    FileIdentity before = a.identity;
    if (&a != &entries_[grows])
      return same_but_for_times_of(before, b.identity) && a.header_hash == b.header_hash;
    before.size = b.identity.size;
    return same_but_for_times_of(before, b.identity);
  });
}

std::string_view numpy_header_in(std::string_view head) {
  if (!has_numpy_magic(head)) return {};
  const Result<Index> length = numpy_header_length(head);
  if (!length.ok() || *length > static_cast<Index>(head.size())) return {};
  return head.substr(0, static_cast<std::size_t>(*length));
}

std::uint64_t header_hash(std::string_view head) {
  const std::string_view header = numpy_header_in(head);
  if (header.empty()) return 0;
  const std::size_t hash = std::hash<std::string_view>()(header);
  return hash == 0 ? 1 : hash;
}

}  // namespace ndcat
