// Tests of what kernels do run with those of every instruction set that this machine has.
#pragma once

#include <gtest/gtest.h>

#include "core/kernels/targets.h"

namespace ndcat::testing {

/// Kernels of one instruction set as long as this lives; a failure tells its name.
class KernelsOf {
 public:
  explicit KernelsOf(const std::string& target) : trace_(__FILE__, __LINE__, "kernels: " + target) {
    choose_kernel_target(target);
  }
  ~KernelsOf() { choose_kernel_target(""); }
  KernelsOf(const KernelsOf&) = delete;
  KernelsOf& operator=(const KernelsOf&) = delete;

 private:
  ::testing::ScopedTrace trace_;
};

/// For tests of many cases: each target in turn.
inline const std::string& kernel_target_of_case(std::uint64_t number) {
  static const std::vector<std::string> targets = kernel_targets();
  return targets[number % targets.size()];
}

}  // namespace ndcat::testing
