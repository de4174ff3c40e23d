// resolve(): from the text of a manifest to an array view over probed sources; the entrance to manifests/.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/algebra/array_view.h"
#include "core/order.h"
#include "manifests/numpy_header.h"
#include "manifests/parse/view_kind.h"
#include "manifests/probe.h"
#include "manifests/problem.h"
#include "manifests/resolve/source_table.h"

namespace ndcat {

/// The source that "append" names, as it lies in its file. Its extent along the slowest axis is as many whole
/// rows as the file has; the bytes of one more may follow.
struct Tail {
  SourceId source = 0;  // in the manifest's table
  NumpyHeader array;
  std::string header;    // of a .npy file, as it was read; it may say fewer rows than there are
  bool can_grow = true;  // false: its description says how many rows it has
};

struct ResolvedManifest {
  ArrayView view;  // SourceIds are indices into `sources`
  Order order = Order::c;
  std::vector<ViewKind> views;
  Access access = Access::read;
  std::string title, description;
  SourceTable sources;
  std::optional<Tail> tail = {};
  std::string absent_tail = {};  // what "append" names, where "missing" does without it
};

/// Exactly one of the two: an array, or at least one problem.
struct Resolution {
  std::optional<ResolvedManifest> manifest;
  Problems problems;
};

/// Reads the manifest at `path` through `probe` and everything it names. `shown_as` is the file name that
/// problems carry. Finds every problem, not the first. Never throws for bad input; memory and stack are
/// bounded (manifest text 64 MiB, nesting 1000 levels, NumPy headers 1 MiB, 16 Mi sources, 1000 problems and
/// then their count).
Resolution resolve(const std::string& path, const std::string& shown_as, Probe& probe);

}  // namespace ndcat
