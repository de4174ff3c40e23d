#include "fs/mount/session.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>

#include <cerrno>
#include <chrono>
#include <cstdlib>
#include <string>
#include <utility>

#include "fs/log.h"
#include "fs/mount/controller.h"
#include "fs/mount/parallel_folders.h"
#include "fs/mount/read_ahead.h"

namespace ndcat {
namespace {

// libfuse's list of arguments, freed at the end of its life.
class Arguments {
 public:
  explicit Arguments(const MountPlan& plan) {
    add("ndcat");
    const MountOptions& options = plan.options;
    option(options.writable ? "rw" : "ro");
    option("fsname=" + escape_option(options.file_system_name.value_or(plan.manifests)));
    option("subtype=" + escape_option(options.subtype.value_or("ndcat")));
    if (options.default_permissions || options.allows_others) option("default_permissions");
    if (options.debug) option("debug");
    for (const std::string& text : options.for_libfuse) option(text);
  }
  Arguments(const Arguments&) = delete;
  Arguments& operator=(const Arguments&) = delete;
  ~Arguments() { fuse_opt_free_args(&arguments_); }
  fuse_args* get() { return &arguments_; }

 private:
  void add(const std::string& text) { fuse_opt_add_arg(&arguments_, text.c_str()); }
  void option(const std::string& text) {
    add("-o");
    add(text);
  }
  fuse_args arguments_ = FUSE_ARGS_INIT(0, nullptr);
};

}  // namespace

void Session::Free::operator()(void* memory) const { std::free(memory); }
void Session::Destroy::operator()(fuse_session* session) const { fuse_session_destroy(session); }

std::optional<std::uint64_t> device_of(const std::string& path) {
  struct statx status = {};
  const int flags = AT_STATX_DONT_SYNC | AT_NO_AUTOMOUNT;
  if (::statx(AT_FDCWD, path.c_str(), flags, 0, &status) != 0) return std::nullopt;
  return ::makedev(status.stx_dev_major, status.stx_dev_minor);
}

Session::Session(const MountPlan& plan, std::unique_ptr<FileSystem> file_system)
    : plan_(plan),
      file_system_(std::move(file_system)),
      connection_{*file_system_, plan.options, nullptr, nullptr, [this] { has_connected(); }} {}

bool Session::mount() {
  Arguments arguments(plan_);
  wishes_.reset(fuse_parse_conn_info_opts(arguments.get()));
  connection_.wishes = wishes_.get();
  session_.reset(fuse_session_new(arguments.get(), &operations(), sizeof(fuse_lowlevel_ops), &connection_));
  if (session_ == nullptr) return false;
  is_mounted_ = fuse_session_mount(session_.get(), plan_.mountpoint.c_str()) == 0;
  if (!is_mounted_) return false;
  allow_parallel_lookups(session_.get());
  const auto device = device_of(plan_.mountpoint);
  if (plan_.options.writable) connect(device.value_or(0));
  if (device) begin_pushing(*device);
  return true;
}

std::variant<std::unique_ptr<Session>, MountFailure> Session::open(const MountPlan& plan,
                                                                   std::unique_ptr<FileSystem> file_system) {
  std::unique_ptr<Session> session(new Session(plan, std::move(file_system)));
  if (!session->mount()) {
    return MountFailure{ExitCode::mount, "cannot mount on " + plan.mountpoint + "; the reason stands above"};
  }
  return session;
}

void Session::connect(std::uint64_t device) {
  const auto drop = [this](InodeNumber number, Index offset, Index length) {
    // Of an inode that the kernel has forgotten there is nothing to drop.
    telling_.pass([&] { fuse_lowlevel_notify_inval_inode(session_.get(), number, offset, length); });
  };
  const auto retrieve = [this](InodeNumber number, const PageInspector::Part& part,
                               PageInspector::Ticket ticket) {
    int result = 0;
    const bool is_told = telling_.pass([&] {
      result = fuse_lowlevel_notify_retrieve(session_.get(), number, static_cast<std::size_t>(part.length),
                                             part.begin, reinterpret_cast<void*>(ticket));
    });
    return is_told && result == 0;
  };
  file_system_->connect(plan_.mountpoint, device, drop, retrieve);
}

void Session::begin_pushing(std::uint64_t device) {
  const Index longest_read = plan_.options.max_read > 0 ? plan_.options.max_read : Index{kMaxRequest};
  file_system_->begin_pushing(plan_.mountpoint, {device, longest_read});
}

Session::~Session() {
  // Unmounting closes /dev/fuse. Who waits in there for pages that nobody gives back any more goes on then.
  constexpr std::chrono::seconds kLongestWait(1);
  telling_.close(kLongestWait);
  if (is_mounted_) fuse_session_unmount(session_.get());
  file_system_->disconnect();
}

void Session::has_connected() {
  const auto read_ahead = plan_.options.read_ahead;
  if (!read_ahead) return;
  if (const auto device = device_of(plan_.mountpoint)) set_read_ahead(*device, *read_ahead);
}

int Session::loop() {
  if (plan_.single_threaded) return fuse_session_loop(session_.get());
  const std::unique_ptr<fuse_loop_config, decltype(&fuse_loop_cfg_destroy)> config(fuse_loop_cfg_create(),
                                                                                   &fuse_loop_cfg_destroy);
  fuse_loop_cfg_set_clone_fd(config.get(), plan_.options.clone_fd ? 1 : 0);
  fuse_loop_cfg_set_max_threads(config.get(), static_cast<unsigned>(plan_.options.max_threads));
  fuse_loop_cfg_set_idle_threads(config.get(), static_cast<unsigned>(plan_.options.max_idle_threads));
  return fuse_session_loop_mt(session_.get(), config.get());
}

ExitCode Session::serve(Announcement announcement) {
  Controller controller(session_.get(), plan_.mountpoint, std::move(announcement),
                        [this] { file_system_->trim(); });
  connection_.on_answering = [&controller] { controller.connection_is_made(); };
  const int result = loop();
  file_system_->end_pushing();
  controller.loop_has_ended();
  if (controller.announcement_failed()) return ExitCode::mount;
  // An unmount gives the loop ENODEV, which libfuse takes for the end that it is; but ECONNABORTED to a read
  // that was about to take a request just then (fuse_dev_do_read() in the kernel), as happens when thousands
  // of files were closed before.
  if (result < 0 && result != -ECONNABORTED) {
    log_message(Severity::error, "the connection to the kernel broke: " + errno_text(-result));
    return ExitCode::internal;
  }
  return ExitCode::ok;
}

}  // namespace ndcat
