// BoxTree: which pieces does a box of the index space meet?
//
// A packed tree of bounding boxes over the pieces in the order in which they stand in their table: every 16
// neighbours share a box, every 16 of those one above, and so on. Nothing is sorted and nothing is assumed
// about the pieces, so it is right for any set of them; it is fast because expressions put neighbours side by
// side (see core/README.md). It takes 2 * rank * 8 / 15 bytes a piece. Immutable; thread-safe.
#pragma once

#include <cstddef>
#include <vector>

#include "core/algebra/piece.h"
#include "core/function_ref.h"

namespace ndcat {

/// origin <= index < end, per axis.
struct Box {
  Indices origin, end;
};

class BoxTree {
 public:
  explicit BoxTree(const PieceTable& pieces);

  /// Calls `visit` with the position of every piece whose box has an index in common with `box`, in table
  /// order. Stops and returns false as soon as `visit` does. Precondition: `pieces` is the table the tree was
  /// made from.
  bool for_each_meeting(const PieceTable& pieces, const Box& box, FunctionRef<bool(std::size_t)> visit) const;

 private:
  struct Query;
  bool descend(const Query& query, std::size_t level, std::size_t begin, std::size_t end) const;
  void add_level(std::size_t children);

  std::size_t rank_;
  /// From the one above the pieces upwards. Per box: the first indices, then the ends.
  std::vector<std::vector<Index>> levels_;
};

}  // namespace ndcat
