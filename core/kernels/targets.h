// The instruction sets that kernels are compiled for; the best that the processor has is chosen at run time.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace ndcat {

/// Those that this program has kernels for and this processor can run, best first: "AVX3", "AVX2",
/// "portable". The last is plain C++ compiled for the processor that the whole program needs.
[[nodiscard]] std::vector<std::string> kernel_targets();

/// For tests and measurements: the kernels that are looked up from now on are those of `target`, of which
/// there must be one of that name; "" chooses the best again. Conversions keep the kernels that they were
/// made with. Not to be called while other threads look kernels up.
void choose_kernel_target(std::string_view target);

}  // namespace ndcat
