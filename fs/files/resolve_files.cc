#include "fs/files/resolve_files.h"

#include "fs/files/file_probe.h"

namespace ndcat {

ResolvedFiles resolve_files(const std::string& path, const std::string& shown_as, PathWalk walk) {
  FileProbe probe(std::move(walk));
  ResolvedFiles resolved;
  resolved.began = probe.began();
  resolved.resolution = resolve(path, shown_as, probe);
  resolved.facts = probe.take_facts();
  resolved.files = probe.take_files();
  return resolved;
}

}  // namespace ndcat
