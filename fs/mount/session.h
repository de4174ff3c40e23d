// Session: one mount with its connection to the kernel, from mounting to unmounting.
#pragma once

#include <memory>
#include <vector>

#include "fs/mount/background.h"
#include "fs/mount/file_system.h"
#include "fs/mount/gate.h"
#include "fs/mount/operations.h"
#include "fs/mount/plan.h"

namespace ndcat {

class Session {
 public:
  /// Mounts; `plan` outlives the session. Failure: libfuse has logged the details.
  static std::variant<std::unique_ptr<Session>, MountFailure> open(const MountPlan& plan,
                                                                   std::unique_ptr<FileSystem> file_system);
  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;
  /// Unmounts.
  ~Session();

  /// Answers requests until the session ends. Call once.
  [[nodiscard]] ExitCode serve(Announcement announcement);

 private:
  Session(const MountPlan& plan, std::unique_ptr<FileSystem> file_system);
  [[nodiscard]] bool mount();
  void has_connected();
  [[nodiscard]] int loop();
  void connect(std::uint64_t device);
  void begin_pushing(std::uint64_t device);

  struct Free {
    void operator()(void* memory) const;
  };
  struct Destroy {
    void operator()(fuse_session* session) const;
  };

  const MountPlan& plan_;
  std::unique_ptr<FileSystem> file_system_;
  std::unique_ptr<fuse_conn_info_opts, Free> wishes_;
  Connection connection_;
  std::unique_ptr<fuse_session, Destroy> session_;
  bool is_mounted_ = false;
  Gate telling_;  // the kernel something that it has not asked for
};

/// The device number of the file system at `path`, asked without a request to whoever serves it; nothing on
/// failure.
[[nodiscard]] std::optional<std::uint64_t> device_of(const std::string& path);

}  // namespace ndcat
