#include "fs/commands/cat.h"

#include <fcntl.h>

#include <algorithm>
#include <vector>

#include "fs/commands/array_text.h"
#include "fs/commands/descriptor_stream.h"
#include "fs/commands/open_manifest.h"

namespace ndcat {
namespace {

constexpr std::size_t kBufferSize = std::size_t{1} << 20;

ExitCode copy(const Snapshot& snapshot, VirtualKind kind, Console& console) {
  ::fcntl(console.out_descriptor, F_SETPIPE_SZ,
          kBufferSize);  // fewer switches to a pipe's reader; else without effect
  Progress progress(console);
  std::vector<std::byte> buffer(kBufferSize);
  const Index size = snapshot.attributes(kind).size;
  for (Index offset = 0;;) {
    const auto result = snapshot.read(kind, offset, buffer);
    if (const auto* failure = std::get_if<ReadFailure>(&result)) {
      progress.clear();
      print_error(failure->message, console);
      return ExitCode::input_output;
    }
    const std::size_t count = std::get<std::size_t>(result);
    if (count == 0) return ExitCode::ok;
    if (const int failure = write_all(console.out_descriptor, buffer.data(), count); failure != 0) {
      progress.clear();
      print_write_failure(failure, console);
      return ExitCode::input_output;
    }
    offset += static_cast<Index>(count);
    if (progress.is_due()) progress.show(size_text(offset) + " of " + size_text(size));
  }
}

}  // namespace

ExitCode cat(const CatRequest& request, Console& console) {
  if (console.out_is_terminal) {
    print_error("cat: standard output is a terminal; send it to a file (> all.npy) or a pipe", console);
    return ExitCode::usage;
  }
  const auto opened = open_manifest(request.path, request.sources, console);
  if (const auto* code = std::get_if<ExitCode>(&opened)) return *code;
  const auto& snapshot = std::get<std::shared_ptr<const Snapshot>>(opened);
  const VirtualKind kind = request.view == ViewKind::npy ? VirtualKind::npy : VirtualKind::raw;
  const auto& kinds = snapshot->kinds();
  if (std::find(kinds.begin(), kinds.end(), kind) == kinds.end()) {
    print_error(request.path + ": its \"views\" leave out " + std::string(suffix(kind)).substr(1) +
                    "; ask for another with --view, or add it there",
                console);
    return ExitCode::usage;
  }
  return copy(*snapshot, kind, console);
}

}  // namespace ndcat
