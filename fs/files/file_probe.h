// FileProbe: the Probe over real files. It remembers every answer it gave, to know later when a resolved
// manifest has gone stale. For one thread and one resolve.
#pragma once

#include <memory>
#include <string>

#include "fs/files/facts.h"
#include "fs/files/file_table.h"
#include "fs/files/path_walk.h"
#include "manifests/probe.h"

namespace ndcat {

class FileProbe final : public Probe {
 public:
  explicit FileProbe(PathWalk walk);

  ProbedFile source(const std::string& path, Index head_bytes) override;
  Result<std::string> head(SourceId id, Index length) override;
  ProbedText manifest(const std::string& path, Index limit) override;
  ProbedDirectory directory(const std::string& path) override;

  /// What was learnt, once the resolve is over.
  FileTable take_files();
  Facts take_facts() { return std::move(facts_); }
  /// When the probe began to look, by wall_clock().
  [[nodiscard]] Nanoseconds began() const { return began_; }

 private:
  struct Regular;
  /// Opens a regular file for reading, or remembers why not.
  Regular open_regular(const std::string& path);
  void remember_failure(const std::string& path, const std::string& reason);
  void remember(Fact::Kind kind, const std::string& path, const FileIdentity& identity);
  void remember_device(int fd, std::uint64_t device);

  PathWalk walk_;
  FileTable files_;
  Facts facts_;
  Nanoseconds began_;
};

}  // namespace ndcat
