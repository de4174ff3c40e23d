#include "fs/commands/open_manifest.h"

#include <filesystem>
#include <optional>

#include "fs/files/snapshot_writer.h"

namespace ndcat {

Result<std::unique_ptr<Catalog>> open_catalog(const std::string& path, const SourceFolders& sources) {
  CatalogOptions options;
  options.allowed_folders = sources;
  options.mechanisms.drop_behind = Use::never;  // there is no virtual file whose pages are kept instead
  options.writable = true;                      // to say what a mount with -o rw would do
  return Catalog::open(path, std::move(options));
}

std::shared_ptr<const Snapshot> only_snapshot(Catalog& catalog) {
  const auto listed = catalog.list("");
  const auto* entries = std::get_if<std::vector<CatalogEntry>>(&listed);
  if (entries == nullptr || entries->empty()) return nullptr;
  return entries->front().snapshot;
}

std::variant<std::shared_ptr<const Snapshot>, ExitCode> open_manifest(const std::string& path,
                                                                      const SourceFolders& sources,
                                                                      Console& console) {
  std::error_code ignored;  // what cannot be looked at is the catalog's to explain
  if (std::filesystem::is_directory(path, ignored)) {
    print_error(path + ": is a folder; name one of its manifests", console);
    return ExitCode::usage;
  }
  const auto catalog = open_catalog(path, sources);
  if (!catalog) {
    print_error(catalog.error().message, console);
    return ExitCode::input_output;
  }
  auto snapshot = only_snapshot(**catalog);
  if (snapshot == nullptr) {
    print_error(path + ": vanished while it was read", console);
    return ExitCode::input_output;
  }
  if (snapshot->manifest() == nullptr) {
    print_problems(snapshot->problems(), std::filesystem::path(path).parent_path(), console);
    return ExitCode::problems;
  }
  return snapshot;
}

std::string write_obstacle_of(const Snapshot& snapshot) {
  if (!snapshot.write_obstacle().empty() || snapshot.writer() == nullptr) return snapshot.write_obstacle();
  const std::optional<ReadFailure> failure = snapshot.writer()->may_write();
  if (!failure) return {};
  const std::size_t source = failure->message.find(": source ");
  return failure->message.substr(source == std::string::npos ? 0 : source + 2);
}

std::string append_obstacle_of(const Snapshot& snapshot) {
  if (!snapshot.manifest()->tail && snapshot.manifest()->absent_tail.empty()) return {};
  return snapshot.writer() != nullptr ? snapshot.writer()->append_obstacle() : "it cannot be written";
}

std::string below(const std::string& folder, const std::string& path) {
  const bool is_here = folder.empty() || folder == "." || folder == "./";
  return is_here || path.starts_with('/') ? path : (std::filesystem::path(folder) / path).string();
}

void print_problems(const Problems& problems, const std::string& folder, Console& console) {
  const bool coloured = console.err_styling == Styling::coloured;
  for (Problem problem : problems) {
    problem.file = below(folder, problem.file);
    std::string line = to_string(problem);
    if (console.err_is_terminal) line = printable(line);
    const std::size_t message_begin = line.size() - std::min(line.size(), problem.message.size());
    if (coloured) line.insert(message_begin, "\033[0m").insert(0, "\033[1m");
    console.err << line + '\n';  // in one piece, also beside others that write there
  }
}

}  // namespace ndcat
