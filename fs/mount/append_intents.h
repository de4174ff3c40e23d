// AppendIntents: which threads are about to open a file with O_APPEND.
//
// LOOKUP does not say what the file is wanted for, and OPEN cannot choose another inode than the one that was
// looked up. But after ESTALE the same thread looks the name up again; so what its open wanted is kept until
// then. Thread-safe.
#pragma once

#include <sys/types.h>

#include <mutex>
#include <unordered_map>

#include "fs/files/file_identity.h"

namespace ndcat {

class AppendIntents {
 public:
  /// The thread is about to look up again what it wants to append to.
  void add(pid_t thread);
  /// Whether it is. It looks up twice: first to see that what the kernel remembers is no longer right.
  [[nodiscard]] bool has(pid_t thread);
  /// It has opened it, or something else.
  void remove(pid_t thread);

 private:
  void forget_old(Nanoseconds now);

  std::mutex mutex_;
  std::unordered_map<pid_t, Nanoseconds> added_;  // monotonic
};

}  // namespace ndcat
