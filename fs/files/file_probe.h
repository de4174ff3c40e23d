// FileProbe: the Probe over real files. It remembers every answer it gave, to know later when a resolved
// manifest has gone stale. For one thread and one resolve.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <unordered_map>

#include "fs/files/facts.h"
#include "fs/files/file_table.h"
#include "fs/files/header_index.h"
#include "fs/files/path_walk.h"
#include "fs/files/regular_file.h"
#include "manifests/probe.h"

namespace ndcat {

/// How a probe uses an index of headers.
struct Indexing {
  std::optional<HeaderIndex> known;  // files that it holds unchanged are not opened
  /// Files that changed later than this before the probe began are not put into the new index: a writer's
  /// shared map changes a file without changing its times, as long as its pages are not written back.
  Nanoseconds settle = 0;
};

class FileProbe final : public Probe {
 public:
  explicit FileProbe(PathWalk walk, std::optional<Indexing> indexing = std::nullopt);

  /// Looks at the files in several threads now; source() then answers from memory, once.
  void prefetch(std::span<const std::string> paths, Index head_bytes) override;
  ProbedFile source(const std::string& path, Index head_bytes) override;
  Result<std::string> head(SourceId id, Index length) override;
  ProbedText manifest(const std::string& path, Index limit) override;
  ProbedDirectory directory(const std::string& path) override;

  /// What was learnt, once the resolve is over: first the facts, then the files.
  Facts take_facts();
  FileTable take_files();
  /// An index of all sources that were seen, for the next time; nothing when there is no indexing, or when
  /// the known index was as good. Call once.
  std::optional<HeaderIndex> take_new_index();
  /// When the probe began to look, by wall_clock().
  [[nodiscard]] Nanoseconds began() const { return began_; }

 private:
  SourceLook look(const std::string& path, Index head_bytes);
  void remember_failure(const std::string& path, const RegularFile& file);
  [[nodiscard]] const HeaderIndex* known() const;
  void add_to_index(const SourceLook& look);
  void remember(Fact::Kind kind, const std::string& path, const FileIdentity& identity);

  PathWalk walk_;
  std::optional<Indexing> indexing_;
  HeaderIndex new_index_;
  bool index_is_new_ = false;  // it holds what the known one does not
  FileTable files_;
  Facts facts_;
  Nanoseconds began_;
  Index prefetched_bytes_ = 0;  // of each head in prefetched_
  std::unordered_map<std::string, SourceLook> prefetched_;
};

}  // namespace ndcat
