// resolve(): from the text of a manifest to an array view over probed sources; the entrance to manifests/.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/array_view.h"
#include "core/order.h"
#include "manifests/probe.h"
#include "manifests/problem.h"

namespace ndcat {

enum class ViewKind { npy, raw, json };  // the virtual files X.npy, X.raw, X.json
enum class Access { read, read_write };  // "mode": "r", "r+"

/// Where one source of the manifest stands, for `ndcat show` and for log lines.
struct SourceUse {
  SourceId id = 0;       // in the probe's table
  std::string path;      // as resolved from the manifest
  std::string manifest;  // the manifest that names it (another one when manifests are nested)
  Place place;
  Index array_begin = 0;  // byte of the source where its array begins: the length of its header, or "offset"
};

struct ResolvedManifest {
  ArrayView view;  // SourceIds are indices into `sources`
  Order order = Order::c;
  std::vector<ViewKind> views;
  Access access = Access::read;
  std::string title, description;
  std::vector<SourceUse> sources;
};

/// Exactly one of the two: an array, or at least one problem.
struct Resolution {
  std::optional<ResolvedManifest> manifest;
  Problems problems;
};

/// Reads the manifest at `path` through `probe` and everything it names. `shown_as` is the file name that problems carry.
/// Finds every problem, not the first. Never throws for bad input; memory and stack are bounded (manifest text 64 MiB,
/// nesting 1000 levels, NumPy headers 1 MiB).
Resolution resolve(const std::string& path, const std::string& shown_as, Probe& probe);

}  // namespace ndcat
