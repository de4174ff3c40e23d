#include "core/algebra/piece.h"

#include <cassert>

namespace ndcat {

void PieceTable::add(const Piece& piece) {
  for (const std::span<const Index> part : {piece.origin, piece.extents, piece.strides}) {
    assert(part.size() == static_cast<std::size_t>(rank_));
    numbers_.insert(numbers_.end(), part.begin(), part.end());
  }
  keys_.push_back({.offset = piece.offset, .source = piece.source, .recipe = piece.recipe});
}

void PieceTable::reserve(std::size_t count) {
  numbers_.reserve(3 * static_cast<std::size_t>(rank_) * count);
  keys_.reserve(count);
}

void PieceTable::shrink_to_fit() {
  numbers_.shrink_to_fit();
  keys_.shrink_to_fit();
}

}  // namespace ndcat
