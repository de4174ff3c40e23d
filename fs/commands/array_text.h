// Arrays and sizes in words for people. Pure functions.
#pragma once

#include <string>

#include "core/index.h"
#include "manifests/resolve/resolve.h"

namespace ndcat {

/// Decimal units, three digits: "160 MB", "1.5 GB", "17 bytes", "1 byte".
[[nodiscard]] std::string size_text(Index bytes);

/// "float64 (20000, 1000) C order, 160 MB from 2 sources".
[[nodiscard]] std::string array_text(const ResolvedManifest& manifest);

/// Bytes of the whole array. Precondition: the manifest can be served, so that they are known to fit.
[[nodiscard]] Index array_size(const ResolvedManifest& manifest);

}  // namespace ndcat
