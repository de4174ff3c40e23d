// Errand: what the daemon tells an outrider to do. See outrider.h.
#pragma once

#include <cstdint>
#include <type_traits>
#include <variant>

#include "fs/mount/column_walk.h"

namespace ndcat {

/// To ask for pages of a file of this size.
struct ReadAhead {
  Push push;
  Index file_size = 0;
};

/// To have the kernel write back and give up its pages of these bytes of a file.
struct GiveUp {
  Index offset = 0, length = 0;
};

/// One message, as it lies in memory: both sides are the same program. It is answered by a Report.
struct Errand {
  std::uint64_t device = 0;  // of the mount
  std::variant<ReadAhead, GiveUp> what;
};
static_assert(std::is_trivially_copyable_v<Errand>);

struct Report {
  bool is_done = false;  // it cannot be done otherwise
  int failure = 0;       // an errno value: of an earlier writing back, that the kernel told him and no other
};
static_assert(std::is_trivially_copyable_v<Report>);

/// The first word of an outrider's command line.
inline constexpr char kOutriderProgram[] = "ndcat-outrider";
/// What an outrider opens in the mount's topmost folder: for it, and for as long as its errand lasts, a name
/// of the file that the errand is about. No virtual file is called so. Two names, since two outriders may be
/// under way at once.
inline constexpr char kFileToReadAhead[] = ".ndcat-outrider";
inline constexpr char kFileToGiveUp[] = ".ndcat-outrider-dropping";

}  // namespace ndcat
