// `ndcat check`: everything that is wrong with manifests, or what each comes to.
#pragma once

#include "fs/commands/arguments.h"
#include "fs/commands/console.h"
#include "fs/exit_codes.h"

namespace ndcat {

/// Good manifests go to `console.out`, a line each, problems to `console.err`, as compilers print them.
/// Returns problems when a manifest has some, input_output when a path could not be looked at, else ok.
[[nodiscard]] ExitCode check(const CheckRequest& request, Console& console);

}  // namespace ndcat
