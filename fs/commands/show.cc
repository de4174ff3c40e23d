#include "fs/commands/show.h"

#include <algorithm>
#include <array>
#include <filesystem>
#include <utility>
#include <vector>

#include "fs/commands/array_text.h"
#include "fs/commands/open_manifest.h"
#include "fs/commands/show_json.h"
#include "fs/files/part_text.h"

namespace ndcat {
namespace {

using Row = std::array<std::string, 3>;  // part, source, what is done to it

/// A longer table shows its beginning and its end; --json has all of it.
constexpr std::size_t kLongTable = 40, kShownBegin = 20, kShownEnd = 10;

/// Paths below the current folder are told from there, others as they are.
std::string from_here(std::string_view path) {
  std::error_code failure;
  const std::string here = std::filesystem::current_path(failure).string() + "/";
  return std::string(!failure && path.starts_with(here) ? path.substr(here.size()) : path);
}

Row row_of(const ResolvedManifest& manifest, std::size_t i) {
  const Piece piece = manifest.view.pieces[i];
  Row row = {part_text(piece, manifest.view.shape), "(one value, from no file)", ""};
  if (piece.is_fill()) return row;
  row[1] = from_here(manifest.sources[piece.source].path);
  const auto& casts = manifest.view.casts[piece.recipe];
  if (casts.size() > 1) row[2] = casts.front().name() + " -> " + casts.back().name();
  return row;
}

std::vector<Row> table(const ResolvedManifest& manifest) {
  const std::size_t count = manifest.view.pieces.size();
  const bool is_long = count > kLongTable;
  std::vector<Row> rows = {{"part", "source", ""}};
  for (std::size_t i = 0; i < count; ++i) {
    if (is_long && i == kShownBegin) {
      i = count - kShownEnd;
      rows.push_back({"...", std::to_string(i - kShownBegin) + " more (--json lists all)", ""});
    }
    rows.push_back(row_of(manifest, i));
  }
  return rows;
}

void print_table(const std::vector<Row>& rows, std::ostream& out) {
  std::array<std::size_t, 3> widths{};
  for (const Row& row : rows) {
    for (std::size_t column = 0; column < row.size(); ++column) {
      widths[column] = std::max(widths[column], row[column].size());
    }
  }
  for (const Row& row : rows) {
    std::string line = " ";
    for (std::size_t column = 0; column < row.size(); ++column) {
      line += ' ' + row[column] + std::string(widths[column] - row[column].size() + 1, ' ');
    }
    out << line.substr(0, line.find_last_not_of(' ') + 1) << '\n';
  }
}

std::string files_text(const Snapshot& snapshot, const std::string& path) {
  const std::size_t slash = path.rfind('/');
  const std::size_t begin = slash == std::string::npos ? 0 : slash + 1;
  const std::string stem = path.substr(begin, path.rfind('.') - begin);
  std::string files;
  for (const VirtualKind kind : snapshot.kinds()) files += (files.empty() ? "" : ", ") + stem + suffix(kind);
  return files;
}

/// Empty when the manifest does not ask for it.
std::string writing_text(const Snapshot& snapshot) {
  if (snapshot.manifest()->access == Access::read) return {};
  const std::string obstacle = write_obstacle_of(snapshot);
  return obstacle.empty() ? "through a mount with -o rw" : "impossible: " + obstacle;
}

/// Empty when the manifest does not ask for it.
std::string appending_text(const Snapshot& snapshot) {
  const std::string obstacle = append_obstacle_of(snapshot);
  if (!obstacle.empty()) return "impossible: " + obstacle;
  const auto& tail = snapshot.manifest()->tail;
  if (!tail) return {};
  return "to " + std::string(snapshot.manifest()->sources[tail->source].path);
}

void print_people(const Snapshot& snapshot, const RunLengths& runs, const std::string& path,
                  std::ostream& out) {
  const ResolvedManifest& manifest = *snapshot.manifest();
  const Index size = array_size(manifest);
  const std::string exactly = size < 1000 ? "" : " (" + std::to_string(size) + " bytes)";
  out << path << '\n';
  for (const auto& [name, value] : std::initializer_list<std::pair<const char*, std::string>>{
           {"title       ", manifest.title},
           {"description ", manifest.description},
           {"dtype       ", manifest.view.dtype.name()},
           {"shape       ", to_string(manifest.view.shape)},
           {"order       ", std::string(1, static_cast<char>(manifest.order))},
           {"size        ", size_text(size) + exactly},
           {"files       ", files_text(snapshot, path)},
           {"runs        ", runs_text(runs, manifest.view.dtype.itemsize(), size)},
           {"writing     ", writing_text(snapshot)},
           {"appending   ", appending_text(snapshot)},
       }) {
    if (!value.empty()) out << "  " << name << value << '\n';
  }
  if (manifest.view.pieces.size() == 0) return;
  out << '\n';
  print_table(table(manifest), out);
}

}  // namespace

ExitCode show(const ShowRequest& request, Console& console) {
  const auto opened = open_manifest(request.path, request.sources, console);
  if (const auto* code = std::get_if<ExitCode>(&opened)) return *code;
  const auto& snapshot = std::get<std::shared_ptr<const Snapshot>>(opened);
  const ResolvedManifest& manifest = *snapshot->manifest();
  const auto layout = FileLayout::plan(manifest.view, manifest.order);
  if (!layout) {
    print_error(request.path + ": " + layout.error().message, console);
    return ExitCode::problems;
  }
  if (request.json) {
    print_json(*snapshot, layout->run_lengths(), request.path, console.out);
  } else {
    print_people(*snapshot, layout->run_lengths(), request.path, console.out);
  }
  return ExitCode::ok;
}

std::string runs_text(const RunLengths& runs, Index itemsize, Index size) {
  if (size == 0) return "none: there is nothing to read";
  std::string text = size_text(runs.median);
  if (runs.longest != runs.shortest)
    text = size_text(runs.shortest) + " to " + size_text(runs.longest) + ", median " + text;
  constexpr Index kSmall = 1 << 20, kLong = 1 << 18, kPage = 1 << 12;
  if (size <= kSmall) return text;  // read in no time, however it lies
  if (runs.median >= kLong) return text + ": reading in sequence is plain copying";
  if (runs.median >= kPage) return text + ": pages, gathered at nearly the speed of copying";
  if (runs.median > itemsize) return text + ": short, gathered from many places; slow from a cold disk";
  return text +
         ": single elements: sources are interleaved, or lie in another order (then \"order\" may help)";
}

}  // namespace ndcat
