// The operations of FileSystem that read folders.

#include <algorithm>
#include <cerrno>
#include <string>
#include <utility>
#include <vector>

#include "fs/mount/attributes.h"
#include "fs/mount/file_system.h"
#include "fs/mount/paths.h"

namespace ndcat {
namespace {

// The offset of a name is its place in the listing, after "." and "..".
constexpr Index kDots = 2;

// The answer to one READDIR, filled until the next name does not fit.
class Page {
 public:
  explicit Page(std::size_t size) : bytes_(size) {}

  /// `next` is the offset of the name after this one. False when it does not fit.
  bool add(const std::string& name, const struct stat& attributes, Index next) {
    return grow(fuse_add_direntry(nullptr, end(), room(), name.c_str(), &attributes, next));
  }
  bool add_plus(const std::string& name, const fuse_entry_param& entry, Index next) {
    return grow(fuse_add_direntry_plus(nullptr, end(), room(), name.c_str(), &entry, next));
  }
  [[nodiscard]] std::string_view text() const { return {bytes_.data(), used_}; }

 private:
  // libfuse (which does not look at its first argument) says how long the entry is, and has written it only
  // if it fits.
  bool grow(std::size_t length) {
    if (length > room()) return false;
    used_ += length;
    return true;
  }
  char* end() { return bytes_.data() + used_; }
  [[nodiscard]] std::size_t room() const { return bytes_.size() - used_; }

  std::vector<char> bytes_;
  std::size_t used_ = 0;
};

struct stat type_and_number(mode_t type, InodeNumber number) {
  struct stat result = {};
  result.st_mode = type;
  result.st_ino = number;
  return result;
}

}  // namespace

InodeNumber FileSystem::parent_number(const std::string& folder) {
  return inodes_.folder_number(parent(folder));
}

void FileSystem::open_folder(Request request, InodeNumber number, fuse_file_info file) {
  const NodeReference node = inodes_.find(number);
  if (node == nullptr) return std::move(request).error(ESTALE);
  if (!node->is_folder()) return std::move(request).error(ENOTDIR);
  file.fh = listings_.open();
  const Listings::Handle handle = file.fh;
  if (!std::move(request).opened(file)) listings_.close(handle);
}

void FileSystem::close_folder(Request request, Listings::Handle handle) {
  listings_.close(handle);
  std::move(request).error(0);
}

void FileSystem::read_folder(Request request, InodeNumber number, Listings::Handle handle, std::size_t size,
                             Index offset, bool with_attributes) {
  const NodeReference node = inodes_.find(number);
  if (node == nullptr || !node->is_folder()) return std::move(request).error(ESTALE);
  if (size > kMaxRequest || offset < 0) return std::move(request).error(EINVAL);
  request.let_kill_interrupt();
  questions_.run(number, [=, this, request = std::move(request)]() mutable {
    Listing listing = offset == 0 ? nullptr : listings_.get(handle);
    if (listing == nullptr) {
      auto listed = catalog_.list(node->path);
      if (const int* error_number = std::get_if<int>(&listed)) return std::move(request).error(*error_number);
      listing = std::make_shared<const std::vector<CatalogEntry>>(
          std::get<std::vector<CatalogEntry>>(std::move(listed)));
      listings_.set(handle, listing);
    }
    if (with_attributes) {
      answer_folder_plus(std::move(request), *node, listing, size, offset);
    } else {
      answer_folder(std::move(request), *node, listing, size, offset);
    }
  });
}

void FileSystem::answer_folder(Request request, const Node& folder, const Listing& listing, std::size_t size,
                               Index offset) {
  Page page(size);
  const Index count = static_cast<Index>(listing->size());
  bool fits = true;
  if (offset == 0) fits = page.add(".", type_and_number(S_IFDIR, folder.number), 1);
  if (fits && offset <= 1) fits = page.add("..", type_and_number(S_IFDIR, parent_number(folder.path)), kDots);
  for (Index i = std::max<Index>(offset - kDots, 0); fits && i < count; ++i) {
    const CatalogEntry& entry = (*listing)[static_cast<std::size_t>(i)];
    const struct stat attributes =
        entry.is_folder ? type_and_number(S_IFDIR, inodes_.folder_number(join(folder.path, entry.name)))
                        : type_and_number(S_IFREG, InodeTable::file_number(*entry.snapshot, entry.kind));
    fits = page.add(entry.name, attributes, i + kDots + 1);
  }
  std::move(request).data(page.text());
}

void FileSystem::answer_folder_plus(Request request, const Node& folder, const Listing& listing,
                                    std::size_t size, Index offset) {
  Page page(size);
  const Index count = static_cast<Index>(listing->size());
  // Without an inode number in the entry the kernel takes the name and type only: it counts no lookup.
  const auto bare = [](InodeNumber number) {
    fuse_entry_param entry = {};
    entry.attr = type_and_number(S_IFDIR, number);
    return entry;
  };
  std::vector<InodeNumber> counted;
  bool fits = true;
  if (offset == 0) fits = page.add_plus(".", bare(folder.number), 1);
  if (fits && offset <= 1) fits = page.add_plus("..", bare(parent_number(folder.path)), kDots);
  for (Index i = std::max<Index>(offset - kDots, 0); fits && i < count; ++i) {
    const CatalogEntry& listed = (*listing)[static_cast<std::size_t>(i)];
    const auto entered = enter(folder.path, listed);
    const auto* const entry = std::get_if<fuse_entry_param>(&entered);
    if (entry == nullptr) {  // a folder that has gone since, or may not be looked at
      const InodeNumber number = inodes_.folder_number(join(folder.path, listed.name));
      fits = page.add_plus(listed.name, bare(number), i + kDots + 1);
      continue;
    }
    fits = page.add_plus(listed.name, *entry, i + kDots + 1);
    if (fits) {
      counted.push_back(entry->ino);
    } else {
      inodes_.forget(entry->ino, 1);
    }
  }
  if (std::move(request).data(page.text())) return;
  for (const InodeNumber number : counted) inodes_.forget(number, 1);
}

}  // namespace ndcat
