// A manifest as a command sees it: what a mount of it would show, found without FUSE.
#pragma once

#include <memory>
#include <string>
#include <variant>

#include "fs/commands/arguments.h"
#include "fs/commands/console.h"
#include "fs/exit_codes.h"
#include "fs/files/catalog.h"

namespace ndcat {

/// A Catalog of the folder or manifest at `path`, with the confinement that `--sources` asked for.
Result<std::unique_ptr<Catalog>> open_catalog(const std::string& path, const SourceFolders& sources);

/// The one manifest in a catalog that was opened on it.
std::shared_ptr<const Snapshot> only_snapshot(Catalog& catalog);

/// The snapshot of the manifest at `path`, which can be served; or the exit code, everything wrong having
/// been printed.
std::variant<std::shared_ptr<const Snapshot>, ExitCode> open_manifest(const std::string& path,
                                                                      const SourceFolders& sources,
                                                                      Console& console);

/// Why a manifest that says "mode": "r+" cannot be written by whoever runs this process, however it is
/// mounted; empty when it can, and for one that does not say so.
[[nodiscard]] std::string write_obstacle_of(const Snapshot& snapshot);

/// Why nothing can be appended where the manifest asks for it; empty when it can, and for one that does not.
[[nodiscard]] std::string append_obstacle_of(const Snapshot& snapshot);

/// `folder` as the user wrote it, and a path below it: "runs" and "all.json" make "runs/all.json".
[[nodiscard]] std::string below(const std::string& folder, const std::string& path);

/// One line for each problem on standard error, in manifests/problem.h's form. Their files are named from
/// where the user stands: `folder`, which the user named, goes before those that are relative to it.
void print_problems(const Problems& problems, const std::string& folder, Console& console);

}  // namespace ndcat
