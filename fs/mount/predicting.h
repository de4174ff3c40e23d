// Which open files get a predictor of strides.
#pragma once

#include <cstdint>
#include <optional>

#include "fs/files/mechanisms.h"
#include "fs/mount/inodes.h"
#include "fs/mount/stride_predictor.h"

namespace ndcat {

/// The mount as the kernel has it.
struct KernelsView {
  std::uint64_t device = 0;
  Index longest_read = 0;  // bytes of one request; 0: it is not mounted yet
};

/// For a file that is being opened with these flags of open(2). Nothing: no column of it can be followed, or
/// `use` forbids it.
[[nodiscard]] std::optional<StridePredictor> predictor_for(const Node& file, int flags,
                                                           const KernelsView& mount, Use use);

}  // namespace ndcat
