#include "manifests/resolve/source_table.h"

#include <utility>

#include "manifests/json/json_text.h"

namespace ndcat {

SourceUse SourceTable::operator[](std::size_t i) const {
  const Entry& entry = entries_[i];
  const std::size_t end = i + 1 < entries_.size() ? entries_[i + 1].path_begin : paths_.size();
  return {.id = entry.id,
          .path = std::string_view(paths_).substr(entry.path_begin, end - entry.path_begin),
          .manifest = origins_[entry.origin].manifest,
          .array_begin = entry.array_begin};
}

Place SourceTable::place(std::size_t i) const {
  const Entry& entry = entries_[i];
  const std::string& pointer = origins_[entry.origin].pointer;
  return {.pointer = entry.index == kNoIndex ? pointer : pointer_to(pointer, std::size_t{entry.index}),
          .line = entry.line,
          .column = entry.column};
}

SourceTable::Origin SourceTable::add_origin(std::string manifest, std::string pointer) {
  origins_.push_back({std::move(manifest), std::move(pointer)});
  return static_cast<Origin>(origins_.size() - 1);
}

SourceId SourceTable::add(SourceId id, std::string_view path, Index array_begin, Origin origin,
                          std::uint32_t index, int line, int column) {
  entries_.push_back({paths_.size(), array_begin, id, origin, index, line, column});
  paths_ += path;
  return static_cast<SourceId>(entries_.size() - 1);
}

void SourceTable::shrink_to_fit() {
  entries_.shrink_to_fit();
  origins_.shrink_to_fit();
  paths_.shrink_to_fit();
}

}  // namespace ndcat
