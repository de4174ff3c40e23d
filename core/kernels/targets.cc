#include "core/kernels/targets.h"

#include <cassert>
#include <cstdint>

#ifdef NDCAT_HIGHWAY
#include <hwy/targets.h>
#endif

namespace ndcat {

#ifdef NDCAT_HIGHWAY

namespace {

bool is_portable(std::int64_t target) { return target == HWY_SCALAR || target == HWY_EMU128; }

std::string name_of(std::int64_t target) {
  return is_portable(target) ? "portable" : hwy::TargetName(target);
}

}  // namespace

std::vector<std::string> kernel_targets() {
  std::vector<std::string> names;
  for (const std::int64_t target : hwy::SupportedAndGeneratedTargets()) names.push_back(name_of(target));
  return names;
}

void choose_kernel_target(std::string_view name) {
  hwy::SetSupportedTargetsForTest(0);
  if (name.empty()) return;
  for (const std::int64_t target : hwy::SupportedAndGeneratedTargets()) {
    if (name_of(target) == name) return hwy::SetSupportedTargetsForTest(target);
  }
  assert(false && "no target of that name");
}

#else

std::vector<std::string> kernel_targets() { return {"portable"}; }

void choose_kernel_target([[maybe_unused]] std::string_view name) {
  assert(name.empty() || name == "portable");
}

#endif

}  // namespace ndcat
