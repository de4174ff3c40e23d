// -o passthrough: the opens and releases of files that the kernel reads from their one source by itself.
//
// It takes no reads from us any more, so nobody looks whether the source is still what the snapshot saw: what
// is cut short, grows or is written to while it is open is seen as by a program that has opened it. That is
// less than a mount promises otherwise (an error and a line in the log), so it has to be asked for. Each
// open() is still preceded by all checks, and the file is one byte for byte then (see backing_file.h). Never
// when the file can be written through: its readers and writers must share the kernel's pages.

#include <sys/stat.h>

#include <optional>
#include <utility>

#include "fs/log.h"
#include "fs/mount/file_system.h"

namespace ndcat {
namespace {

std::optional<std::uint64_t> device_of(const Descriptor& file) {
  struct stat status = {};
  if (!file.is_open() || ::fstat(file.get(), &status) != 0) return std::nullopt;
  return status.st_dev;
}

void read_from([[maybe_unused]] int backing_id, [[maybe_unused]] fuse_file_info& file) {
#ifdef FUSE_CAP_PASSTHROUGH
  file.backing_id = backing_id;
  // The kernel refuses the one beside it; the other would send it back to us.
  file.keep_cache = 0;
  file.direct_io = 0;
#endif
}

}  // namespace

bool FileSystem::pass_through(Request& request, const Node& node, const Descriptor& source,
                              fuse_file_info& file) {
  // Its handle is needed from here on.
  if (!request.let_nothing_interrupt()) return false;
  const int backing_id = backing_ids_.open(node.number, device_of(source), [&] {
    const int id = request.open_backing(source.get());
    if (id == 0) {
      log_message(Severity::warning,
                  node.manifest +
                      ": is read through ndcat, like others whose source is on its file system, "
                      "which the kernel refuses to read by itself; the reason stands above");
    }
    return id;
  });
  if (backing_id != 0) read_from(backing_id, file);
  return true;
}

void FileSystem::release_backing(Request request, InodeNumber number) {
  // The last to close a source may wait for its disk.
  questions_.run(number, [this, number, request = std::move(request)]() mutable {
    backing_ids_.release(number);
    for (const int unused : backing_ids_.take_unused()) request.close_backing(unused);
    std::move(request).error(0);
  });
}

}  // namespace ndcat
