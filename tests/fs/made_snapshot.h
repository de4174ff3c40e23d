// Snapshots made without a manifest: straight from sources, concatenated along axis 0.
#pragma once

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

#include "core/algebra/algebra.h"
#include "fs/files/file_probe.h"
#include "fs/files/file_snapshot.h"
#include "fs/files/panel_cache.h"
#include "manifests/numpy_header.h"

namespace ndcat::testing {

/// Where a snapshot's array is to come from.
struct MadeSource {
  std::string path;
  Shape shape;
  Index array_begin = 0;
};

/// What a catalog would share, without limits on where sources lie; `budget` handles.
inline CatalogContext made_context(std::size_t budget = 100, Mechanisms mechanisms = {},
                                   std::size_t panel_memory = std::size_t{32} << 20) {
  return {.rules = std::make_shared<AccessRules>(),
          .pool = std::make_shared<HandlePool>(budget),
          .panels = std::make_shared<PanelCache>(panel_memory),
          .mechanisms = mechanisms,
          .writable = true};
}

/// Sources of one dtype, concatenated.
inline std::unique_ptr<FileSnapshot> make_snapshot(const CatalogContext& context,
                                                   const std::vector<MadeSource>& sources, const Dtype& dtype,
                                                   Order order = Order::c, Access access = Access::read) {
  FileProbe probe{PathWalk(context.rules)};
  SourceTable table;
  const SourceTable::Origin origin = table.add_origin("all.json", "/concatenate");
  std::vector<ArrayView> views;
  for (const MadeSource& source : sources) {
    const ProbedFile file = probe.source(source.path, 4096);
    EXPECT_EQ(file.failure, ProbeFailure::none) << source.path << ": " << file.reason;
    const SourceId id = table.add(file.id, source.path, source.array_begin, origin, 0, 1, 1);
    Result<ArrayView> view =
        source_view(id, file.size, dtype, source.shape, Order::c, SourceOffset{source.array_begin});
    EXPECT_TRUE(view.ok()) << view.error().message;
    views.push_back(*std::move(view));
  }
  Result<ArrayView> whole = concatenate(std::move(views), 0);
  EXPECT_TRUE(whole.ok());
  ResolvedFiles resolved;
  resolved.resolution.manifest = ResolvedManifest{.view = *std::move(whole),
                                                  .order = order,
                                                  .views = {ViewKind::npy, ViewKind::raw, ViewKind::json},
                                                  .access = access,
                                                  .title = {},
                                                  .description = {},
                                                  .sources = std::move(table)};
  resolved.began = probe.began();
  resolved.facts = probe.take_facts();
  resolved.files = probe.take_files();
  return std::make_unique<FileSnapshot>(FileSnapshot::Names{"/nowhere/all.json", "all.json", "all"}, resolved,
                                        std::make_shared<CatalogContext>(context));
}

inline std::unique_ptr<FileSnapshot> make_snapshot(const std::vector<MadeSource>& sources, const Dtype& dtype,
                                                   std::size_t budget = 100, Order order = Order::c,
                                                   Mechanisms mechanisms = {}, Access access = Access::read) {
  return make_snapshot(made_context(budget, mechanisms), sources, dtype, order, access);
}

/// `size` bytes none of which is zero, different for each `seed`.
inline std::string pattern(std::size_t size, unsigned seed = 1) {
  std::string bytes(size, '\0');
  for (std::size_t i = 0; i < size; ++i)
    bytes[i] = static_cast<char>(1 + (i * 31 + i / 251 + seed * 7) % 255);
  return bytes;
}

/// The bytes at `offset`, or the failure as "ESTALE all.json: ...".
inline std::string read_text(const Snapshot& snapshot, Index offset, std::size_t size,
                             VirtualKind kind = VirtualKind::raw) {
  std::string text(size, '?');
  const auto result = snapshot.read(kind, offset, std::as_writable_bytes(std::span(text)));
  if (const auto* failure = std::get_if<ReadFailure>(&result)) {
    const std::string name = failure->error_number == ESTALE ? "ESTALE "
                             : failure->error_number == EIO  ? "EIO "
                                                             : std::to_string(failure->error_number) + " ";
    return name + failure->message;
  }
  text.resize(std::get<std::size_t>(result));
  return text;
}

inline std::string npy_bytes(const Dtype& dtype, const Shape& shape, const std::string& data) {
  const Result<std::string> header = write_numpy_header(dtype, shape, Order::c);
  EXPECT_TRUE(header.ok());
  return *header + data;
}

}  // namespace ndcat::testing
