#include "fs/mount/serve.h"

#include <cstdarg>
#include <cstdio>
#include <memory>
#include <string>
#include <utility>
#include <variant>

#include "fs/log.h"
#include "fs/mount/controller.h"
#include "fs/mount/file_system.h"
#include "fs/mount/session.h"

namespace ndcat {
namespace {

Severity severity_of(fuse_log_level level) {
  if (level <= FUSE_LOG_ERR) return Severity::error;
  return level == FUSE_LOG_WARNING ? Severity::warning : Severity::info;
}

// What libfuse says goes where our own messages go.
[[gnu::format(printf, 2, 0)]] void log_of_libfuse(fuse_log_level level, const char* format,
                                                  std::va_list arguments) {
  char text[512];
  std::vsnprintf(text, sizeof text, format, arguments);
  std::string message(text);
  while (message.ends_with('\n')) message.pop_back();
  log_message(severity_of(level), message);
}

}  // namespace

void prepare_to_serve() {
  hold_ending_signals();
  fuse_set_log_func(log_of_libfuse);
}

ExitCode serve(const MountPlan& plan, Catalog& catalog, Announcement announcement, std::ostream& err) {
  const ServingOptions options{.max_threads = plan.single_threaded ? 1 : plan.options.max_threads,
                               .reads_at_once = plan.options.threads,
                               .direct = plan.options.direct,
                               .buffer_memory = plan.buffer_memory,
                               .predictor = plan.options.mechanisms.predictor};
  const ManifestRoot root{plan.manifests, plan.manifests_are_folder};
  auto opened = Session::open(plan, std::make_unique<FileSystem>(catalog, root, options));
  if (const auto* failure = std::get_if<MountFailure>(&opened)) {
    err << "ndcat: " << failure->message << std::endl;
    return failure->code;
  }
  // Before the first request is answered, so that no source on our own mount is ever touched.
  if (const auto device = device_of(plan.mountpoint)) catalog.set_own_device(*device);
  return std::get<std::unique_ptr<Session>>(opened)->serve(std::move(announcement));
}

}  // namespace ndcat
