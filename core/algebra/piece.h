// Piece and PieceTable: the flat set that every expression of the language comes down to.
//
// A piece is a box in the index space of an array, plus where its elements come from: a strided layout in one
// source, or one fill value. Source of the idea: TensorStore's stack driver, where overlay, stack and
// concatenation are one thing.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "core/indices.h"

namespace ndcat {

/// Position of a source in the table that the caller of core/ keeps. core/ never opens anything.
using SourceId = std::uint32_t;
inline constexpr SourceId kFill = 0xFFFFFFFF;

/// A byte's position in a source, never to be mixed up with one in a virtual file (see file_layout.h).
enum class SourceOffset : Index {};

/// A view of one entry of a PieceTable; the spans live as long as the table is not changed.
struct Piece {
  std::span<const Index> origin;   // first index of the box, per axis
  std::span<const Index> extents;  // the box's shape; every extent >= 1
  std::span<const Index>
      strides;  // bytes in the source per step along each axis; 0 where the extent is 1, and for fills
  SourceOffset offset{};  // of the element at `origin`; 0 for a fill
  SourceId source = kFill;
  /// Of a source piece: index into ArrayView::casts. Of a fill: index into ArrayView::fills.
  std::uint32_t recipe = 0;

  [[nodiscard]] bool is_fill() const { return source == kFill; }
};

/// Pieces of one rank, stored side by side: (3 * rank + 2) * 8 bytes each, no allocation per piece, so that
/// 100 000 sources stay small. Value type; const access is thread-safe.
class PieceTable {
 public:
  explicit PieceTable(int rank = 0) : rank_(rank) {}

  [[nodiscard]] int rank() const { return rank_; }
  [[nodiscard]] std::size_t size() const { return keys_.size(); }
  [[nodiscard]] Piece operator[](std::size_t i) const {
    const std::size_t rank = static_cast<std::size_t>(rank_);
    const Index* numbers = numbers_.data() + 3 * rank * i;
    const Key& key = keys_[i];
    return {.origin = {numbers, rank},
            .extents = {numbers + rank, rank},
            .strides = {numbers + 2 * rank, rank},
            .offset = key.offset,
            .source = key.source,
            .recipe = key.recipe};
  }
  /// Precondition: the spans have rank() entries and do not point into this table.
  void add(const Piece& piece);
  void reserve(std::size_t count);
  /// Gives back what reserve() and growing left over.
  void shrink_to_fit();

 private:
  struct Key {
    SourceOffset offset;
    SourceId source;
    std::uint32_t recipe;
  };
  int rank_;
  std::vector<Index> numbers_;  // per piece: origin, extents, strides
  std::vector<Key> keys_;
};

}  // namespace ndcat
