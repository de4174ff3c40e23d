#include "fs/commands/show_json.h"

#include <array>
#include <cstdio>

#include "fs/commands/array_text.h"
#include "fs/commands/open_manifest.h"
#include "manifests/json/json_text.h"
#include "manifests/texts/utf8.h"
#include "manifests/words/dtype_text.h"

namespace ndcat {
namespace {

std::string list(std::span<const Index> values) {
  std::string text = "[";
  for (const Index value : values) text += (text.size() > 1 ? ", " : "") + std::to_string(value);
  return text + "]";
}

std::string views_list(const std::vector<ViewKind>& views) {
  std::string text = "[";
  for (const ViewKind view : views) {
    text += text.size() > 1 ? ", " : "";
    text += view == ViewKind::npy ? "\"npy\"" : view == ViewKind::raw ? "\"raw\"" : "\"json\"";
  }
  return text + "]";
}

void print_sources(const SourceTable& sources, std::ostream& out) {
  out << "  \"sources\": [";
  for (std::size_t i = 0; i < sources.size(); ++i) {
    const SourceUse source = sources[i];
    const Place place = sources.place(i);
    out << (i > 0 ? ",\n    " : "\n    ") << "{\"path\": " << json_path(source.path)
        << ", \"array_begin\": " << source.array_begin << ", \"manifest\": " << json_path(source.manifest)
        << ", \"pointer\": " << json_string(place.pointer) << ", \"line\": " << place.line
        << ", \"column\": " << place.column << "}";
  }
  out << (sources.empty() ? "],\n" : "\n  ],\n");
}

void print_parts(const ArrayView& view, std::ostream& out) {
  out << "  \"parts\": [";
  for (std::size_t i = 0; i < view.pieces.size(); ++i) {
    const Piece piece = view.pieces[i];
    out << (i > 0 ? ",\n    " : "\n    ") << "{\"origin\": " << list(piece.origin)
        << ", \"shape\": " << list(piece.extents) << ", \"source\": ";
    if (piece.is_fill()) {
      out << "null}";
      continue;
    }
    out << piece.source << ", \"dtype\": " << dtype_to_json(view.casts[piece.recipe].front())
        << ", \"offset\": " << static_cast<Index>(piece.offset) << ", \"strides\": " << list(piece.strides)
        << "}";
  }
  out << (view.pieces.size() == 0 ? "]\n" : "\n  ]\n");
}

/// null where nothing forbids what the manifest says.
std::string obstacle_text(const std::string& obstacle) {
  return obstacle.empty() ? "null" : json_path(obstacle);
}

std::string tail_text(const ResolvedManifest& manifest) {
  return manifest.tail ? json_path(std::string(manifest.sources[manifest.tail->source].path)) : "null";
}

}  // namespace

void print_json(const Snapshot& snapshot, const RunLengths& runs, const std::string& path,
                std::ostream& out) {
  const ResolvedManifest& manifest = *snapshot.manifest();
  const bool wants_writing = manifest.access == Access::read_write;
  out << "{\n  \"manifest\": " << json_path(path) << ",\n";
  if (!manifest.title.empty()) out << "  \"title\": " << json_string(manifest.title) << ",\n";
  if (!manifest.description.empty())
    out << "  \"description\": " << json_string(manifest.description) << ",\n";
  out << "  \"dtype\": " << dtype_to_json(manifest.view.dtype) << ",\n"
      << "  \"shape\": " << list(manifest.view.shape) << ",\n"
      << "  \"order\": \"" << static_cast<char>(manifest.order) << "\",\n"
      << "  \"size\": " << array_size(manifest) << ",\n"
      << "  \"views\": " << views_list(manifest.views) << ",\n"
      << "  \"mode\": \"" << (wants_writing ? "r+" : "r") << "\",\n"
      << "  \"write_obstacle\": " << obstacle_text(wants_writing ? write_obstacle_of(snapshot) : "") << ",\n"
      << "  \"append\": " << tail_text(manifest) << ",\n"
      << "  \"append_obstacle\": " << obstacle_text(append_obstacle_of(snapshot)) << ",\n"
      << "  \"runs\": {\"shortest\": " << runs.shortest << ", \"median\": " << runs.median
      << ", \"longest\": " << runs.longest << "},\n";
  print_sources(manifest.sources, out);
  print_parts(manifest.view, out);
  out << "}\n";
}

std::string json_path(std::string_view path) {
  std::string quoted = "\"";
  for (;;) {
    const std::size_t valid = find_invalid_utf8(path).value_or(path.size());
    const std::string part = json_string(path.substr(0, valid));
    quoted += part.substr(1, part.size() - 2);
    if (valid == path.size()) return quoted + '"';
    std::array<char, 8> surrogate{};
    std::snprintf(surrogate.data(), surrogate.size(), "\\udc%02x", static_cast<unsigned char>(path[valid]));
    quoted += surrogate.data();
    path.remove_prefix(valid + 1);
  }
}

}  // namespace ndcat
