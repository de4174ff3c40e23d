// `ndcat show --json`: one JSON object. The keys are documented in the manual page.
#pragma once

#include <ostream>
#include <string>
#include <string_view>

#include "core/layout/file_layout.h"
#include "fs/files/snapshot.h"

namespace ndcat {

/// Streams, so that 100 000 parts need no memory. Ends with a newline. Precondition: it has a manifest.
void print_json(const Snapshot& snapshot, const RunLengths& runs, const std::string& path, std::ostream& out);

/// A path as a JSON string with its quotes. Bytes that are no UTF-8 become lone surrogates as Python's
/// os.fsdecode makes them ("\udc80" for 0x80), so that os.fsencode gives the very path back.
[[nodiscard]] std::string json_path(std::string_view path);

}  // namespace ndcat
