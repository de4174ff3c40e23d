// What tests of resolve() share: a manifest's text in, its array or its problems out.
#pragma once

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "core/algebra/algebra.h"
#include "manifests/resolve/resolve.h"
#include "tests/support/fake_probe.h"

namespace ndcat {

using Messages = std::vector<std::string>;

/// What `ndcat check` says of the manifest `text`, which lies beside the probe's files as all.json.
inline Messages problems_of(FakeProbe& probe, const std::string& text) {
  probe.add("all.json", text);
  Messages messages;
  const Resolution resolution = resolve("all.json", "all.json", probe);
  EXPECT_NE(resolution.manifest.has_value(), !resolution.problems.empty()) << "exactly one of the two";
  for (const Problem& problem : resolution.problems) messages.push_back(to_string(problem));
  return messages;
}

/// The resolved manifest; a failed expectation, showing the problems, when there is none.
inline ResolvedManifest resolved(FakeProbe& probe, const std::string& text) {
  probe.add("all.json", text);
  Resolution resolution = resolve("all.json", "all.json", probe);
  for (const Problem& problem : resolution.problems) ADD_FAILURE() << to_string(problem);
  if (resolution.manifest) return std::move(*resolution.manifest);
  return {
      *full_view(Dtype::boolean(), {}, std::vector<std::byte>(1)), Order::c, {}, Access::read, "", "", {}};
}

/// "float64 (20, 3) C": what a user first wants to know.
inline std::string summary(const ResolvedManifest& manifest) {
  return manifest.view.dtype.name() + " " + to_string(manifest.view.shape) + " " +
         static_cast<char>(manifest.order);
}

/// The paths of all sources in order, separated by spaces.
inline std::string source_names(const ResolvedManifest& manifest) {
  std::string names;
  for (const SourceUse& use : manifest.sources) names += (names.empty() ? "" : " ") + std::string(use.path);
  return names;
}

}  // namespace ndcat
