#include "fs/mount/attributes.h"

#include <string_view>

#include "manifests/words/dtype_text.h"

namespace ndcat {
namespace {

constexpr Index kStatBlock = 512;
// As local file systems say. More would be the size of every buffer of stdio and Python, filled anew after
// each seek; cp, cat and the like read more than this by themselves.
constexpr blksize_t kPreferredRead = 4096;

timespec to_timespec(Nanoseconds time) {
  constexpr Nanoseconds kSecond = 1'000'000'000;
  Nanoseconds seconds = time / kSecond;
  Nanoseconds rest = time % kSecond;
  if (rest < 0) {  // before 1970
    --seconds;
    rest += kSecond;
  }
  return {.tv_sec = seconds, .tv_nsec = rest};
}

// "[20000, 1000]", as X.json has it.
std::string shape_text(const Shape& shape) {
  std::string text = "[";
  for (const Index extent : shape) {
    if (text.size() > 1) text += ", ";
    text += std::to_string(extent);
  }
  return text + "]";
}

std::string dtype_text(const Dtype& dtype) {
  return dtype.is_structured() ? dtype_to_json(dtype) : dtype.typestr();
}

constexpr const char* kDtype = "user.ndcat.dtype";
constexpr const char* kShape = "user.ndcat.shape";
constexpr const char* kOrder = "user.ndcat.order";
constexpr const char* kManifest = "user.ndcat.manifest";

}  // namespace

struct stat file_attributes(const Node& file) {
  const Attributes attributes = file.snapshot->attributes(file.kind);
  struct stat result = {};
  result.st_ino = file.number;
  result.st_mode = S_IFREG | attributes.permissions;
  result.st_nlink = 1;
  result.st_uid = attributes.uid;
  result.st_gid = attributes.gid;
  result.st_size = attributes.size;
  // Full blocks to the end: with none, tar --sparse and cp --sparse would take the file for one hole.
  result.st_blocks = attributes.size / kStatBlock + (attributes.size % kStatBlock != 0 ? 1 : 0);
  result.st_blksize = kPreferredRead;
  result.st_mtim = to_timespec(attributes.modified);
  result.st_atim = result.st_mtim;
  result.st_ctim = to_timespec(attributes.changed);
  return result;
}

struct stat folder_attributes(InodeNumber number, const FolderAttributes& folder) {
  struct stat result = {};
  result.st_ino = number;
  result.st_mode = S_IFDIR | folder.permissions;
  result.st_nlink = 1;  // "unknown" to find and the like; 2 would promise that there are no sub-folders
  result.st_uid = folder.uid;
  result.st_gid = folder.gid;
  result.st_blksize = kPreferredRead;
  result.st_mtim = to_timespec(folder.modified);
  result.st_atim = result.st_mtim;
  result.st_ctim = to_timespec(folder.changed);
  return result;
}

struct statvfs file_system_statistics() {
  struct statvfs result = {};
  result.f_bsize = kPreferredRead;
  result.f_frsize = kPreferredRead;
  result.f_namemax = 255;
  result.f_flag = ST_RDONLY;
  return result;
}

std::vector<std::string> extended_attribute_names(const Node& node) {
  if (node.is_folder()) return {};
  if (node.snapshot->manifest() == nullptr) return {kManifest};
  return {kDtype, kShape, kOrder, kManifest};
}

std::optional<std::string> extended_attribute(const Node& node, const std::string& name) {
  if (node.is_folder()) return std::nullopt;
  if (name == kManifest) return node.manifest;
  const ResolvedManifest* const manifest = node.snapshot->manifest();
  if (manifest == nullptr) return std::nullopt;
  if (name == kDtype) return dtype_text(manifest->view.dtype);
  if (name == kShape) return shape_text(manifest->view.shape);
  if (name == kOrder) return std::string(1, static_cast<char>(manifest->order));
  return std::nullopt;
}

}  // namespace ndcat
