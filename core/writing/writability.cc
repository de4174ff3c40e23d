#include "core/writing/writability.h"

#include <algorithm>
#include <cstdlib>
#include <map>
#include <vector>

#include "core/writing/byte_lattice.h"
#include "core/writing/inverse_cast.h"

namespace ndcat {
namespace {

ByteLattice lattice_of(const Piece& piece, std::size_t number, Index itemsize) {
  ByteLattice lattice{number, static_cast<Index>(piece.offset), itemsize, {}};
  for (std::size_t i = 0; i < piece.extents.size(); ++i) {
    const Index stride = piece.strides[i], extent = piece.extents[i];
    if (extent == 1) continue;
    if (stride < 0) lattice.begin += stride * (extent - 1);
    lattice.axes.push_back({std::abs(stride), extent});
  }
  std::ranges::sort(lattice.axes, std::ranges::greater(), &ByteLattice::Axis::stride);
  return lattice;
}

}  // namespace

std::optional<WriteObstacle> find_write_obstacle(const ArrayView& view,
                                                 std::span<const std::uint32_t> files) {
  std::vector<std::optional<Error>> casts;
  for (const std::vector<Dtype>& path : view.casts) {
    const Result<InverseCast> inverse = InverseCast::make(path);
    casts.push_back(inverse ? std::nullopt : std::optional(inverse.error()));
  }
  std::map<std::uint32_t, std::vector<ByteLattice>> by_file;
  for (std::size_t i = 0; i < view.pieces.size(); ++i) {
    const Piece piece = view.pieces[i];
    if (piece.is_fill()) return WriteObstacle{i, {}, "is one value that comes from no file"};
    if (casts[piece.recipe]) return WriteObstacle{i, {}, casts[piece.recipe]->message};
    const Index itemsize = view.casts[piece.recipe].front().itemsize();
    if (itemsize == 0) continue;
    ByteLattice lattice = lattice_of(piece, i, itemsize);
    if (!lattice.is_injective()) return WriteObstacle{i, {}, "shows the same bytes of its file twice"};
    by_file[files[piece.source]].push_back(std::move(lattice));
  }
  for (auto& [file, parts] : by_file) {
    if (parts.size() < 2) continue;
    if (const auto found = find_meeting(std::move(parts))) {
      const auto [a, b] = std::minmax(found->first, found->second);
      return WriteObstacle{b, a, "shows bytes of a file that another part shows too"};
    }
  }
  return std::nullopt;
}

}  // namespace ndcat
