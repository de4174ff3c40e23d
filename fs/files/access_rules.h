// AccessRules: which files ndcat may touch at all. Shared by everything that opens files for one mount;
// thread-safe.
#pragma once

#include <atomic>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace ndcat {

class AccessRules {
 public:
  /// `allowed_folders` are real paths (absolute, no links, no trailing slash but for "/"); no list: anywhere.
  explicit AccessRules(std::optional<std::vector<std::string>> allowed_folders = std::nullopt,
                       std::optional<std::uint64_t> own_device = std::nullopt);

  /// True when a real path is one of the allowed folders or lies in one, whole components compared: "/a/b"
  /// does not hold "/a/bc".
  [[nodiscard]] bool allows(std::string_view real_path) const;

  /// False when files anywhere are allowed.
  [[nodiscard]] bool confine() const { return allowed_folders_.has_value(); }

  /// True on the file system that this process itself serves. Even a stat there waits for an answer that the
  /// waiting thread may have to give, so such a file is never touched.
  [[nodiscard]] bool is_own(std::uint64_t device) const;
  void set_own_device(std::uint64_t device);

 private:
  std::optional<std::vector<std::string>> allowed_folders_;
  std::atomic<std::uint64_t> own_device_;  // 0: none; no file system has device number 0
};

}  // namespace ndcat
