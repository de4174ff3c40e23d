#include "fs/mount/operations.h"

#include <cerrno>
#include <cstdint>
#include <exception>
#include <string>
#include <utility>
#include <vector>

#include "fs/log.h"
#include "fs/mount/attributes.h"
#include "fs/mount/kernel_features.h"

namespace ndcat {
namespace {

// Requests of read-ahead that may be under way at once. The kernel's 12 would be used up by the first hanging
// file, and no other file would be read ahead any more.
constexpr unsigned kMaxBackground = 1024;

Connection& connection(void* user_data) { return *static_cast<Connection*>(user_data); }

// An exception on the way destroys the Request, which answers EIO.
template <class Call>
void answer(fuse_req_t handle, Call call) {
  Request request(handle);
  Connection& self = connection(fuse_req_userdata(handle));
  try {
    std::call_once(self.connected, self.on_connected);
    call(self.file_system, std::move(request));
  } catch (const std::exception& failure) {
    log_message(Severity::error, std::string("a request failed: ") + failure.what());
  }
}

// For every operation that would change something. The kernel refuses most of them before, because the mount
// is "ro".
template <class... Arguments>
void refuse(fuse_req_t handle, Arguments...) {
  Request(handle).error(EROFS);
}

void init(void* user_data, fuse_conn_info* info) {
  const Connection& self = connection(user_data);
  info->max_write = kMaxRequest;  // bounds the pages of a request, so that of reads too
  info->max_background = kMaxBackground;
  info->congestion_threshold = kMaxBackground / 4 * 3;
  // libfuse wants it said here and at the mount.
  if (self.options.max_read != 0) info->max_read = static_cast<unsigned>(self.options.max_read);
  if (want_features(self.options, *info).passthrough) self.file_system.allow_passthrough();
  if (self.wishes != nullptr) fuse_apply_conn_info_opts(self.wishes, info);
  self.on_answering();
}

void lookup(fuse_req_t handle, fuse_ino_t parent, const char* name) {
  answer(handle, [=](FileSystem& fs, Request request) { fs.lookup(std::move(request), parent, name); });
}

void forget(fuse_req_t handle, fuse_ino_t number, std::uint64_t count) {
  answer(handle, [=](FileSystem& fs, Request request) {
    fs.forget(number, count);
    std::move(request).none();
  });
}

void forget_multi(fuse_req_t handle, std::size_t count, fuse_forget_data* forgotten) {
  answer(handle, [=](FileSystem& fs, Request request) {
    for (const fuse_forget_data& one : std::span(forgotten, count)) fs.forget(one.ino, one.nlookup);
    std::move(request).none();
  });
}

void get_attributes(fuse_req_t handle, fuse_ino_t number, fuse_file_info*) {
  answer(handle, [=](FileSystem& fs, Request request) { fs.get_attributes(std::move(request), number); });
}

void access(fuse_req_t handle, fuse_ino_t number, int mask) {
  answer(handle, [=](FileSystem& fs, Request request) { fs.access(std::move(request), number, mask); });
}

void open(fuse_req_t handle, fuse_ino_t number, fuse_file_info* file) {
  answer(handle, [=](FileSystem& fs, Request request) { fs.open(std::move(request), number, *file); });
}

void read(fuse_req_t handle, fuse_ino_t number, std::size_t size, off_t offset, fuse_file_info* file) {
  answer(handle,
         [=](FileSystem& fs, Request request) { fs.read(std::move(request), number, size, offset, *file); });
}

void write(fuse_req_t handle, fuse_ino_t number, const char* bytes, std::size_t size, off_t offset,
           fuse_file_info* file) {
  answer(handle, [=](FileSystem& fs, Request request) {
    fs.write(std::move(request), number, std::as_bytes(std::span(bytes, size)), offset, *file);
  });
}

void fsync(fuse_req_t handle, fuse_ino_t number, int only_data, fuse_file_info* file) {
  answer(handle, [=](FileSystem& fs, Request request) {
    fs.sync(std::move(request), number, only_data != 0, *file);
  });
}

void flush(fuse_req_t handle, fuse_ino_t, fuse_file_info* file) {
  answer(handle, [=](FileSystem& fs, Request request) { fs.flush(std::move(request), *file); });
}

void release(fuse_req_t handle, fuse_ino_t number, fuse_file_info* file) {
  answer(handle, [=](FileSystem& fs, Request request) { fs.release(std::move(request), number, *file); });
}

// Nothing but the size of a file can be set, and that only to what it is.
void setattr(fuse_req_t handle, fuse_ino_t number, struct stat* attributes, int changed, fuse_file_info*) {
  constexpr int kWithSize = FUSE_SET_ATTR_SIZE | FUSE_SET_ATTR_MTIME_NOW | FUSE_SET_ATTR_CTIME |
                            FUSE_SET_ATTR_KILL_SUID | FUSE_SET_ATTR_KILL_SGID | FUSE_SET_ATTR_KILL_PRIV;
  if ((changed & FUSE_SET_ATTR_SIZE) == 0 || (changed & ~kWithSize) != 0) return Request(handle).error(EROFS);
  const Index size = attributes->st_size;
  answer(handle, [=](FileSystem& fs, Request request) { fs.set_size(std::move(request), number, size); });
}

// Only who has opened a file for writing gets here; its size is its array's.
void fallocate(fuse_req_t handle, fuse_ino_t, int, off_t, off_t, fuse_file_info*) {
  Request(handle).error(EPERM);
}

void lseek(fuse_req_t handle, fuse_ino_t number, off_t offset, int whence, fuse_file_info*) {
  answer(handle,
         [=](FileSystem& fs, Request request) { fs.seek(std::move(request), number, offset, whence); });
}

void opendir(fuse_req_t handle, fuse_ino_t number, fuse_file_info* file) {
  answer(handle, [=](FileSystem& fs, Request request) { fs.open_folder(std::move(request), number, *file); });
}

template <bool kWithAttributes>
void readdir(fuse_req_t handle, fuse_ino_t number, std::size_t size, off_t offset, fuse_file_info* file) {
  const Listings::Handle listing = file->fh;
  answer(handle, [=](FileSystem& fs, Request request) {
    fs.read_folder(std::move(request), number, listing, size, offset, kWithAttributes);
  });
}

void releasedir(fuse_req_t handle, fuse_ino_t, fuse_file_info* file) {
  answer(handle, [=](FileSystem& fs, Request request) { fs.close_folder(std::move(request), file->fh); });
}

void statfs(fuse_req_t handle, fuse_ino_t) { Request(handle).statistics(file_system_statistics()); }

void getxattr(fuse_req_t handle, fuse_ino_t number, const char* name, std::size_t size) {
  answer(handle, [=](FileSystem& fs, Request request) {
    fs.get_extended_attribute(std::move(request), number, name, size);
  });
}

void listxattr(fuse_req_t handle, fuse_ino_t number, std::size_t size) {
  answer(handle, [=](FileSystem& fs, Request request) {
    fs.list_extended_attributes(std::move(request), number, size);
  });
}

void retrieve_reply(fuse_req_t handle, void* cookie, fuse_ino_t, off_t, fuse_bufvec* from) {
  answer(handle, [=](FileSystem& fs, Request request) {
    std::vector<std::byte> bytes(fuse_buf_size(from));
    fuse_bufvec to = {};
    to.count = 1;
    to.buf[0].size = bytes.size();
    to.buf[0].mem = bytes.data();
    const ssize_t copied = fuse_buf_copy(&to, from, {});
    bytes.resize(copied < 0 ? 0 : static_cast<std::size_t>(copied));
    std::move(request).none();
    fs.retrieved(reinterpret_cast<std::uintptr_t>(cookie), bytes);
  });
}

// What is left out the kernel does by itself (locks, copying within the mount by reading and writing) or
// reports as not supported.
fuse_lowlevel_ops make_operations() {
  fuse_lowlevel_ops table = {};
  table.init = init;
  table.lookup = lookup;
  table.forget = forget;
  table.forget_multi = forget_multi;
  table.getattr = get_attributes;
  table.access = access;
  table.open = open;
  table.read = read;
  table.write = write;
  table.fsync = fsync;
  table.retrieve_reply = retrieve_reply;
  table.flush = flush;
  table.release = release;
  table.setattr = setattr;
  table.fallocate = fallocate;
  table.lseek = lseek;
  table.opendir = opendir;
  table.readdir = readdir<false>;
  table.readdirplus = readdir<true>;
  table.releasedir = releasedir;
  table.statfs = statfs;
  table.getxattr = getxattr;
  table.listxattr = listxattr;

  table.mknod = refuse;
  table.mkdir = refuse;
  table.unlink = refuse;
  table.rmdir = refuse;
  table.symlink = refuse;
  table.rename = refuse;
  table.link = refuse;
  table.create = refuse;
  table.setxattr = refuse;
  table.removexattr = refuse;
  return table;
}

}  // namespace

const fuse_lowlevel_ops& operations() {
  static const fuse_lowlevel_ops table = make_operations();
  return table;
}

}  // namespace ndcat
