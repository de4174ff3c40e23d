// Whether two resolved manifests describe the same bytes.
#pragma once

#include "manifests/resolve/resolve.h"

namespace ndcat {

/// True when both lay the same parts of the same sources (by number) out alike. Cheap for large tables: no
/// allocation.
[[nodiscard]] bool same_array(const ResolvedManifest& a, const ResolvedManifest& b);

}  // namespace ndcat
