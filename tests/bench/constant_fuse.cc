// The limit that ndcat's speed is quoted against: a FUSE file system with one file that answers every read
// from one constant buffer, over the same libfuse and with the same settings of the connection.
//
//   constant_fuse SIZE MOUNTPOINT [ro|rw [max_idle_threads]]     in the foreground; the file is
//   MOUNTPOINT/constant
//
// With rw the file takes every write, and forgets it.

#define FUSE_USE_VERSION 312
#include <fuse_lowlevel.h>

#include <algorithm>
#include <cerrno>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <iostream>
#include <string>
#include <vector>

namespace {

constexpr std::size_t kMaxRequest = std::size_t{1} << 20;
constexpr fuse_ino_t kFile = 2;
constexpr double kForever = 1e8;

std::int64_t file_size = 0;
std::vector<char> constant(kMaxRequest, 'c');

struct stat attributes_of(fuse_ino_t number) {
  struct stat attributes = {};
  attributes.st_ino = number;
  attributes.st_nlink = 1;
  attributes.st_mode = number == kFile ? S_IFREG | 0644 : S_IFDIR | 0555;
  attributes.st_size = number == kFile ? file_size : 0;
  return attributes;
}

void init(void*, fuse_conn_info* info) {
  info->max_write = kMaxRequest;
  info->max_background = 1024;
  info->congestion_threshold = 768;
}

void lookup(fuse_req_t request, fuse_ino_t, const char* name) {
  if (std::strcmp(name, "constant") != 0) {
    fuse_reply_err(request, ENOENT);
    return;
  }
  fuse_entry_param entry = {};
  entry.ino = kFile;
  entry.attr = attributes_of(kFile);
  entry.attr_timeout = kForever;
  fuse_reply_entry(request, &entry);
}

void getattr(fuse_req_t request, fuse_ino_t number, fuse_file_info*) {
  const struct stat attributes = attributes_of(number);
  fuse_reply_attr(request, &attributes, kForever);
}

// Every open starts with an empty cache, so that each run of a benchmark reads through FUSE.
void open(fuse_req_t request, fuse_ino_t, fuse_file_info* file) {
  file->keep_cache = 0;
  file->noflush = 1;
  fuse_reply_open(request, file);
}

void read(fuse_req_t request, fuse_ino_t, std::size_t size, off_t offset, fuse_file_info*) {
  const std::int64_t rest = std::max<std::int64_t>(file_size - offset, 0);
  fuse_reply_buf(request, constant.data(), std::min({size, static_cast<std::size_t>(rest), constant.size()}));
}

void write(fuse_req_t request, fuse_ino_t, const char*, std::size_t size, off_t, fuse_file_info*) {
  fuse_reply_write(request, size);
}

void fsync(fuse_req_t request, fuse_ino_t, int, fuse_file_info*) { fuse_reply_err(request, 0); }

}  // namespace

int main(int argc, char** argv) {
  if (argc < 3) {
    std::cerr << "usage: constant_fuse SIZE MOUNTPOINT [ro|rw [max_idle_threads]]\n";
    return 2;
  }
  file_size = std::atoll(argv[1]);
  fuse_lowlevel_ops operations = {};
  operations.init = init;
  operations.lookup = lookup;
  operations.getattr = getattr;
  operations.open = open;
  operations.read = read;
  operations.write = write;
  operations.fsync = fsync;

  fuse_args arguments = FUSE_ARGS_INIT(0, nullptr);
  const std::string options = std::string(argc > 3 ? argv[3] : "ro") + ",fsname=constant,subtype=ndcat_bench";
  for (const char* text : {"constant_fuse", "-o", options.c_str()}) fuse_opt_add_arg(&arguments, text);
  fuse_session* const session = fuse_session_new(&arguments, &operations, sizeof operations, nullptr);
  if (session == nullptr || fuse_set_signal_handlers(session) != 0) return 1;
  if (fuse_session_mount(session, argv[2]) != 0) return 1;
  fuse_loop_config* const config = fuse_loop_cfg_create();
  fuse_loop_cfg_set_max_threads(config, 256);
  fuse_loop_cfg_set_idle_threads(config, argc > 4 ? static_cast<unsigned>(std::atoi(argv[4])) : 4);
  const int result = fuse_session_loop_mt(session, config);
  fuse_loop_cfg_destroy(config);
  fuse_session_unmount(session);
  fuse_remove_signal_handlers(session);
  fuse_session_destroy(session);
  fuse_opt_free_args(&arguments);
  return result == 0 ? 0 : 1;
}
