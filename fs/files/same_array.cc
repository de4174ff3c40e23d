#include "fs/files/same_array.h"

#include <algorithm>

namespace ndcat {
namespace {

bool same_piece(const Piece& a, const Piece& b) {
  return a.offset == b.offset && a.source == b.source && a.recipe == b.recipe &&
         std::equal(a.origin.begin(), a.origin.end(), b.origin.begin(), b.origin.end()) &&
         std::equal(a.extents.begin(), a.extents.end(), b.extents.begin(), b.extents.end()) &&
         std::equal(a.strides.begin(), a.strides.end(), b.strides.begin(), b.strides.end());
}

bool same_pieces(const PieceTable& a, const PieceTable& b) {
  if (a.rank() != b.rank() || a.size() != b.size()) return false;
  for (std::size_t i = 0; i < a.size(); ++i) {
    if (!same_piece(a[i], b[i])) return false;
  }
  return true;
}

bool same_sources(const SourceTable& a, const SourceTable& b) {
  if (a.size() != b.size()) return false;
  for (std::size_t i = 0; i < a.size(); ++i) {
    if (a[i].id != b[i].id || a[i].array_begin != b[i].array_begin || a[i].path != b[i].path) return false;
  }
  return true;
}

}  // namespace

bool same_array(const ResolvedManifest& a, const ResolvedManifest& b) {
  return a.order == b.order && a.views == b.views && a.access == b.access && a.view.dtype == b.view.dtype &&
         a.view.shape == b.view.shape && a.view.casts == b.view.casts && a.view.fills == b.view.fills &&
         same_pieces(a.view.pieces, b.view.pieces) && same_sources(a.sources, b.sources);
}

}  // namespace ndcat
