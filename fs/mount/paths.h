// Paths below the root of the mount: "" is the root, "a/b" a folder in a folder.
#pragma once

#include <string>

namespace ndcat {

[[nodiscard]] inline std::string join(const std::string& folder, const std::string& name) {
  return folder.empty() ? name : folder + "/" + name;
}

/// The root's parent is the root.
[[nodiscard]] inline std::string parent(const std::string& folder) {
  const auto slash = folder.rfind('/');
  return slash == std::string::npos ? std::string() : folder.substr(0, slash);
}

}  // namespace ndcat
