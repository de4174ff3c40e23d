#include "core/layout/box_tree.h"

#include <algorithm>

namespace ndcat {

namespace {

constexpr std::size_t kFanout = 16;

std::size_t parents_of(std::size_t children) { return (children + kFanout - 1) / kFanout; }

}  // namespace

struct BoxTree::Query {
  const PieceTable& pieces;
  const Box& box;
  FunctionRef<bool(std::size_t)> visit;

  [[nodiscard]] bool meets(const Index* origin, const Index* end) const {
    for (int axis = 0; axis < box.origin.size(); ++axis) {
      if (origin[axis] >= box.end[axis] || end[axis] <= box.origin[axis]) return false;
    }
    return true;
  }
  [[nodiscard]] bool meets(const Piece& piece) const {
    for (int axis = 0; axis < box.origin.size(); ++axis) {
      const auto i = static_cast<std::size_t>(axis);
      if (piece.origin[i] >= box.end[axis] || piece.origin[i] + piece.extents[i] <= box.origin[axis])
        return false;
    }
    return true;
  }
};

BoxTree::BoxTree(const PieceTable& pieces) : rank_(static_cast<std::size_t>(pieces.rank())) {
  std::size_t count = pieces.size();
  if (count <= 1) return;
  add_level(count);
  std::vector<Index>& lowest = levels_.front();
  for (std::size_t i = 0; i < count; ++i) {
    const Piece piece = pieces[i];
    Index* box = lowest.data() + (i / kFanout) * 2 * rank_;
    for (std::size_t axis = 0; axis < rank_; ++axis) {
      box[axis] = std::min(box[axis], piece.origin[axis]);
      box[rank_ + axis] = std::max(box[rank_ + axis], piece.origin[axis] + piece.extents[axis]);
    }
  }
  for (count = parents_of(count); count > kFanout; count = parents_of(count)) {
    add_level(count);
    const std::vector<Index>& below = levels_[levels_.size() - 2];
    std::vector<Index>& above = levels_.back();
    for (std::size_t i = 0; i < count; ++i) {
      const Index* child = below.data() + i * 2 * rank_;
      Index* box = above.data() + (i / kFanout) * 2 * rank_;
      for (std::size_t axis = 0; axis < rank_; ++axis) {
        box[axis] = std::min(box[axis], child[axis]);
        box[rank_ + axis] = std::max(box[rank_ + axis], child[rank_ + axis]);
      }
    }
  }
}

/// A level of boxes around nothing, above `children` boxes or pieces.
void BoxTree::add_level(std::size_t children) {
  levels_.emplace_back(parents_of(children) * 2 * rank_);
  std::vector<Index>& boxes = levels_.back();
  for (std::size_t i = 0; i < boxes.size(); ++i) boxes[i] = i / rank_ % 2 == 0 ? kMaxIndex : 0;
}

bool BoxTree::for_each_meeting(const PieceTable& pieces, const Box& box,
                               FunctionRef<bool(std::size_t)> visit) const {
  const Query query{.pieces = pieces, .box = box, .visit = visit};
  const std::size_t top =
      levels_.empty() ? pieces.size() : (rank_ == 0 ? 0 : levels_.back().size() / (2 * rank_));
  return descend(query, levels_.size(), 0, top);
}

/// Visits entries [begin, end) of a level; level 0 is the pieces. At most eight levels fit 2^32 pieces.
bool BoxTree::descend(const Query& query, std::size_t level, std::size_t begin, std::size_t end) const {
  for (std::size_t i = begin; i < end; ++i) {
    if (level == 0) {
      if (query.meets(query.pieces[i]) && !query.visit(i)) return false;
      continue;
    }
    const Index* box = levels_[level - 1].data() + i * 2 * rank_;
    if (!query.meets(box, box + rank_)) continue;
    const std::size_t below = level == 1 ? query.pieces.size() : levels_[level - 2].size() / (2 * rank_);
    if (!descend(query, level - 1, i * kFanout, std::min((i + 1) * kFanout, below))) return false;
  }
  return true;
}

}  // namespace ndcat
