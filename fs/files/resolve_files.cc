#include "fs/files/resolve_files.h"

#include "fs/files/file_probe.h"

namespace ndcat {

ResolvedFiles resolve_files(const std::string& path, const std::string& shown_as, PathWalk walk,
                            const HeaderMemory* memory) {
  std::optional<Indexing> indexing;
  if (memory != nullptr) indexing = {memory->folder.load(path), memory->settle};
  FileProbe probe(std::move(walk), std::move(indexing));
  ResolvedFiles resolved;
  resolved.began = probe.began();
  resolved.resolution = resolve(path, shown_as, probe);
  resolved.facts = probe.take_facts();
  resolved.files = probe.take_files();
  if (const auto& manifest = resolved.resolution.manifest; manifest && manifest->tail) {
    resolved.files.set_growing(manifest->sources[manifest->tail->source].id, manifest->tail->header);
  }
  const std::optional<HeaderIndex> index = probe.take_new_index();
  // That it cannot be kept (a full disk, no home) costs time and nothing else.
  if (index && index->size() >= memory->at_least) static_cast<void>(memory->folder.save(path, *index));
  return resolved;
}

}  // namespace ndcat
