// openat() for a process that may be at its limit of descriptors for a moment.
#pragma once

#include <functional>

#include "fs/files/descriptor.h"

namespace ndcat {

/// openat(folder, name, flags | O_CLOEXEC), again after EINTR. When the process (or the system) has no
/// descriptor left, calls `make_room` and waits a moment, a bounded number of times: other requests give
/// theirs back within milliseconds. On failure the result is closed and errno says why.
[[nodiscard]] Descriptor patient_open(int folder, const char* name, int flags,
                                      const std::function<void()>& make_room = {});

}  // namespace ndcat
