// Errand: what the daemon tells its outrider to read ahead. See outrider.h.
#pragma once

#include <cstdint>
#include <type_traits>

#include "fs/mount/column_walk.h"

namespace ndcat {

/// One message, as it lies in memory: both sides are the same program. It is answered by one byte when the
/// kernel has been asked, or cannot be.
struct Errand {
  std::uint64_t device = 0;  // of the mount
  Push push;
  Index file_size = 0;
};
static_assert(std::is_trivially_copyable_v<Errand>);

/// The first word of the outrider's command line.
inline constexpr char kOutriderProgram[] = "ndcat-outrider";
/// What the outrider opens in the mount's topmost folder: for it, and for as long as its errand lasts, a name
/// of the file that the errand is about. No virtual file is called so.
inline constexpr char kOutriderFile[] = ".ndcat-outrider";

}  // namespace ndcat
