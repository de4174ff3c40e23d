// Probe: the only way in which manifests/ sees files. fs/ implements it (and remembers every answer, to know
// later when a resolved manifest has gone stale); tests fake it.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <vector>

#include "core/algebra/piece.h"
#include "core/index.h"
#include "core/result.h"

namespace ndcat {

/// Why a file could not be had. `absent` is what "missing" in a manifest speaks of; everything else is an
/// error always.
enum class ProbeFailure { none, absent, refused };

struct ProbedFile {
  ProbeFailure failure = ProbeFailure::none;
  std::string reason;  // for people, when failed: "no such file", "is a directory", "permission denied", ...
  SourceId id = 0;  // position in the probe's own source table; the same file asked for twice may get two ids
  Index size = 0;   // bytes
  std::string head;  // the first bytes, at most as many as were asked for
};

struct ProbedText {
  ProbeFailure failure = ProbeFailure::none;
  std::string reason;
  std::string text;      // the whole file
  std::string identity;  // equal for two paths that are the same file (cycle detection), e.g. its real path
};

struct DirectoryEntry {
  std::string name;
  bool is_directory = false;  // links followed
};
struct ProbedDirectory {
  ProbeFailure failure = ProbeFailure::none;
  std::string reason;
  std::vector<DirectoryEntry> entries;  // in no particular order, without "." and ".."
  std::string identity;  // equal for two paths that are the same folder (loops of links under `**`)
};

/// Paths are absolute or relative to the process's folder, as resolve() composed them. Implementations apply
/// the rules on allowed folders, file kinds and the mount point, and word their refusals. Not thread-safe
/// unless they say so.
class Probe {
 public:
  virtual ~Probe() = default;
  /// A hint: source() will soon be asked for each of these, in this order. An implementation may look at them
  /// in parallel and ahead of time, or ignore it; the answers of source() are the same either way.
  virtual void prefetch(std::span<const std::string> /*paths*/, Index /*head_bytes*/) {}
  /// A source: a regular file, readable. Reads at most `head_bytes` of it (0: none).
  virtual ProbedFile source(const std::string& path, Index head_bytes) = 0;
  /// More of a source that source() gave: at most `length` bytes of its start. Empty on failure.
  virtual Result<std::string> head(SourceId id, Index length) = 0;
  /// A manifest; refused when longer than `limit` bytes.
  virtual ProbedText manifest(const std::string& path, Index limit) = 0;
  virtual ProbedDirectory directory(const std::string& path) = 0;
};

}  // namespace ndcat
