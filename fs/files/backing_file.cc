#include "fs/files/backing_file.h"

#include <fcntl.h>

#include "core/layout/one_stretch.h"
#include "fs/files/read_start.h"

namespace ndcat {

Descriptor open_backing_file(const FileLayout& layout, std::string_view header, const SourceTable& uses,
                             Sources& sources) {
  const std::optional<SourceStretch> array = one_stretch(layout);
  const auto header_size = static_cast<Index>(header.size());
  if (!array || static_cast<Index>(array->offset) != header_size) return {};
  const SourceId file = uses[array->source].id;
  std::optional<PathWalk> walk;
  const auto now = sources.look(file, walk);
  const auto* const identity = std::get_if<FileIdentity>(&now);
  if (identity == nullptr || identity->size != header_size + layout.size()) return {};
  const auto opened = sources.open(file, walk);
  if (!std::holds_alternative<Handle*>(opened)) return {};
  Handle* const handle = std::get<Handle*>(opened);
  Descriptor backing;
  if (read_start(handle->fd(), header_size) == header)
    backing = Descriptor(::fcntl(handle->fd(), F_DUPFD_CLOEXEC, 0));
  handle->let_go();
  return backing;
}

}  // namespace ndcat
