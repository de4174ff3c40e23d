// FakeMount: the program fake_mount, started on a folder of its own for one test. (See fake_catalog.h for
// what it serves.)
#pragma once

#include <sys/types.h>

#include <chrono>
#include <optional>
#include <string>
#include <vector>

namespace ndcat {

class FakeMount {
 public:
  /// Starts it in the foreground and waits until it answers. Requires the environment variable
  /// NDCAT_FAKE_MOUNT.
  explicit FakeMount(const std::vector<std::string>& arguments = {});
  FakeMount(const FakeMount&) = delete;
  FakeMount& operator=(const FakeMount&) = delete;
  /// Kills it if it still runs, unmounts, and removes its folders.
  ~FakeMount();

  [[nodiscard]] bool answers() const { return answers_; }
  /// A path in the mount; "" is its root.
  [[nodiscard]] std::string path(const std::string& name = "") const { return folder_ + "/mnt/" + name; }
  [[nodiscard]] std::string control(const std::string& name = "") const {
    return folder_ + "/control/" + name;
  }
  [[nodiscard]] pid_t process() const { return process_; }

  /// Lets the hanging reads and lookups return.
  void release() const;
  void send(int signal) const;
  /// The exit code, or nothing when it has not ended in time or was killed.
  std::optional<int> wait_for_end(std::chrono::seconds limit);
  /// What it has written to standard error until now.
  [[nodiscard]] std::string log() const;
  /// Whether something is mounted there, the remains of a dead program included.
  [[nodiscard]] bool is_mounted() const;

 private:
  std::string folder_;
  pid_t process_ = -1;
  bool answers_ = false;
};

/// True when this machine and user can mount.
[[nodiscard]] bool can_mount();

}  // namespace ndcat
