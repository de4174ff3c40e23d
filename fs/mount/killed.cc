#include "fs/mount/killed.h"

#include <signal.h>

#include <cstdint>
#include <fstream>
#include <string>

namespace ndcat {

bool is_killed(pid_t thread) {
  // The kernel turns every deadly signal into a SIGKILL for each thread of the process.
  constexpr std::uint64_t kKill = std::uint64_t{1} << (SIGKILL - 1);
  std::ifstream status("/proc/" + std::to_string(thread) + "/status");
  for (std::string line; std::getline(status, line);) {
    if (!line.starts_with("SigPnd:") && !line.starts_with("ShdPnd:")) continue;
    if ((std::stoull(line.substr(line.find(':') + 1), nullptr, 16) & kKill) != 0) return true;
  }
  return false;
}

}  // namespace ndcat
