// The two clocks: that of files' times, and that of "how long ago".
#pragma once

#include "fs/files/file_identity.h"

namespace ndcat {

/// The wall clock, which is what file times are made of.
[[nodiscard]] Nanoseconds wall_clock();

/// A clock that never goes back.
[[nodiscard]] Nanoseconds monotonic_clock();

}  // namespace ndcat
