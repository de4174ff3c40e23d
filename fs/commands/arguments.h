// The command line's words to a request. Pure: reads no file, prints nothing, ends no process.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <variant>
#include <vector>

#include "core/result.h"
#include "fs/mount/mount.h"
#include "manifests/resolve/resolve.h"

namespace ndcat {

/// The folders of --sources, beside the manifest's own; nothing: any path.
using SourceFolders = std::optional<std::vector<std::string>>;

struct CheckRequest {
  std::vector<std::string> paths;
  SourceFolders sources;
};

struct ShowRequest {
  std::string path;
  bool json = false;
  SourceFolders sources;
};

struct CatRequest {
  std::string path;
  ViewKind view = ViewKind::npy;
  SourceFolders sources;
};

struct HelpRequest {
  std::string command;  // empty: all of them
};

struct VersionRequest {};

using Request =
    std::variant<MountRequest, CheckRequest, ShowRequest, CatRequest, HelpRequest, VersionRequest>;

/// `words` without the program's name. A first word that names a command is that command; otherwise the
/// command is mount. Options may stand anywhere after that; "--" ends them. Error: what is wrong and which
/// help to read.
Result<Request> parse_arguments(std::span<const std::string> words);

}  // namespace ndcat
