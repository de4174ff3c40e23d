// Whether a thread of another process is about to die.
#pragma once

#include <sys/types.h>

namespace ndcat {

/// True when a signal that ends it (SIGKILL, or any whose default action it has kept) waits for the thread.
[[nodiscard]] bool is_killed(pid_t thread);

}  // namespace ndcat
