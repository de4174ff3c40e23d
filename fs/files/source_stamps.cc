#include "fs/files/source_stamps.h"

#include <algorithm>
#include <variant>

namespace ndcat {
namespace {

std::vector<SourceId> files_of(const FileLayout& layout, ByteRange range, const SourceTable& uses) {
  std::vector<SourceId> files;
  layout.for_each_segment(range, [&](const Segment& segment) {
    if (segment.source != kFill) files.push_back(uses[segment.source].id);
    return true;
  });
  std::sort(files.begin(), files.end());
  files.erase(std::unique(files.begin(), files.end()), files.end());
  return files;
}

}  // namespace

std::optional<SourceStamps> SourceStamps::take(const FileLayout& layout, ByteRange range,
                                               const SourceTable& uses, Sources& sources) {
  SourceStamps stamps;
  std::optional<PathWalk> walk;
  for (const SourceId file : files_of(layout, range, uses)) {
    const std::variant<FileIdentity, SourceFault> now = sources.look(file, walk);
    const auto* const identity = std::get_if<FileIdentity>(&now);
    if (identity == nullptr) return std::nullopt;
    stamps.stamps_.push_back({file, digest_of_times(*identity)});
    stamps.last_change_ = std::max(stamps.last_change_, identity->changed);
  }
  return stamps;
}

bool SourceStamps::hold(Sources& sources) const {
  std::optional<PathWalk> walk;
  return std::all_of(stamps_.begin(), stamps_.end(), [&](const Stamp& stamp) {
    const std::variant<FileIdentity, SourceFault> now = sources.look(stamp.file, walk);
    const auto* const identity = std::get_if<FileIdentity>(&now);
    return identity != nullptr && digest_of_times(*identity) == stamp.digest;
  });
}

}  // namespace ndcat
