#include "fs/files/writing/obstacle_text.h"

#include <algorithm>
#include <map>
#include <vector>

#include "core/writing/appendability.h"
#include "core/writing/writability.h"
#include "fs/files/part_text.h"
#include "manifests/texts/printable.h"

namespace ndcat {
namespace {

/// A number for each file, by the sources of the manifest.
std::vector<std::uint32_t> numbers_of_files(const SourceTable& sources, const FileTable& files) {
  std::map<std::pair<std::uint64_t, std::uint64_t>, std::uint32_t> numbers;
  std::vector<std::uint32_t> result;
  result.reserve(sources.size());
  for (const SourceUse source : sources) {
    const FileIdentity& file = files.identity(source.id);
    const auto next = static_cast<std::uint32_t>(numbers.size());
    result.push_back(numbers.try_emplace({file.device, file.inode}, next).first->second);
  }
  return result;
}

std::string name_of(const ResolvedManifest& manifest, std::size_t number) {
  const Piece piece = manifest.view.pieces[number];
  const std::string part = part_text(piece, manifest.view.shape);
  if (piece.is_fill()) return "the part " + part;
  return printable_name(manifest.sources[piece.source].path) + ", shown as " + part + ",";
}

}  // namespace

std::string find_obstacle_text(const ResolvedManifest& manifest, const FileTable& files) {
  const auto obstacle = find_write_obstacle(manifest.view, numbers_of_files(manifest.sources, files));
  if (!obstacle) return {};
  std::string text = name_of(manifest, obstacle->piece) + " " + obstacle->reason;
  if (obstacle->other) {
    std::string other = name_of(manifest, *obstacle->other);
    other.pop_back();
    text += ": " + other;
  }
  return text;
}

std::string find_append_obstacle_text(const ResolvedManifest& manifest) {
  if (!manifest.absent_tail.empty()) return printable_name(manifest.absent_tail) + " is not there";
  if (!manifest.tail) return "the manifest names no source to append to";
  const Tail& tail = *manifest.tail;
  const std::string name = printable_name(manifest.sources[tail.source].path);
  if (std::ranges::find(manifest.views, ViewKind::raw) == manifest.views.end())
    return name + " grows through the raw view, which \"views\" leaves out";
  if (!tail.can_grow) return name + " has a fixed number of rows: its \"shape\" says -1 where it is to grow";
  const TailArray array{tail.source, tail.array.dtype, tail.array.shape, tail.array.order,
                        SourceOffset{tail.array.length}};
  if (const auto reason = find_append_obstacle(manifest.view, manifest.order, array))
    return name + " " + *reason;
  if (tail.source + 1 != manifest.sources.size()) return name + " is not the last source of the manifest";
  return {};
}

}  // namespace ndcat
