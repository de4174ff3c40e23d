#include <algorithm>
#include <string>
#include <utility>

#include "core/algebra/algebra.h"
#include "core/algebra/array_size.h"

// np.block has two algorithms and chooses by size: small results are concatenated list by list, large ones
// are laid out at once. The elements are the same, but the dtype is promoted step by step or all at once, and
// the memory order is np.concatenate's or "F if every array is".

namespace ndcat {

namespace {

/// What NumPy's _block_setup finds out.
struct Setup {
  int list_depth = 0;
  int result_rank = 0;
  /// Of the algorithm for large results; the one for small results works list by list instead.
  struct AtOnce {
    Dtype dtype;
    Order order;
  };
  std::optional<AtOnce> at_once;
};

/// Walks the nest once, before anything is done.
class SetupWalk {
 public:
  Result<Setup> run(const BlockNest& nest) {
    if (auto error = visit(nest, 0)) return *error;
    const int rank = std::max(*depth_, highest_rank_);
    if (rank > kMaxRank) {
      return Error{"lists nested " + std::to_string(rank) +
                   " deep give an array of that rank, but NumPy's arrays " + "have at most 32 axes"};
    }
    Setup setup{.list_depth = *depth_, .result_rank = rank, .at_once = std::nullopt};
    // NumPy's own bound, found by measuring on one machine.
    const auto weight = elements_ ? checked_multiply(*depth_, *elements_) : std::nullopt;
    if (*depth_ == 0 || (weight && *weight <= 2 * 512 * 512)) return setup;
    const auto dtype = promotion_.result();
    if (!dtype) return dtype.error();
    setup.at_once = {*dtype, all_f_ && !all_c_ ? Order::f : Order::c};
    return setup;
  }

 private:
  std::optional<Error> visit(const BlockNest& nest, int depth) {
    if (nest.leaf) return visit_leaf(*nest.leaf, depth);
    if (nest.list.empty()) return Error{"the list at " + place() + " cannot be empty"};
    for (std::size_t i = 0; i < nest.list.size(); ++i) {
      path_.push_back(i);
      if (auto error = visit(nest.list[i], depth + 1)) return error;
      path_.pop_back();
    }
    return std::nullopt;
  }

  std::optional<Error> visit_leaf(const ArrayView& leaf, int depth) {
    if (depth_ && *depth_ != depth) {
      return Error{"list depths are mismatched: the first array is at depth " + std::to_string(*depth_) +
                   ", but the one at " + place() + " is at depth " + std::to_string(depth)};
    }
    depth_ = depth;
    highest_rank_ = std::max(highest_rank_, leaf.shape.size());
    const auto count = element_count(leaf.shape);
    elements_ = elements_ && count ? checked_add(*elements_, *count) : std::nullopt;
    const auto contiguous = [&](Order order) {
      return is_contiguous(leaf.shape, leaf.numpy_strides, leaf.dtype.itemsize(), order);
    };
    all_c_ = all_c_ && contiguous(Order::c);
    all_f_ = all_f_ && contiguous(Order::f);
    promotion_.add(leaf.dtype);
    return std::nullopt;
  }

  std::string place() const {
    std::string text = "block";
    for (const std::size_t i : path_) text += "[" + std::to_string(i) + "]";
    return text;
  }

  std::optional<int> depth_;
  int highest_rank_ = 0;
  std::optional<Index> elements_ = 0;  // nothing: too many to count
  DtypePromotion promotion_;
  bool all_c_ = true, all_f_ = true;
  std::vector<std::size_t> path_;
};

Result<ArrayView> prepare_leaf(ArrayView view, const Setup& setup) {
  const auto missing_axes = static_cast<std::size_t>(setup.result_rank - view.shape.size());
  Selection selection(missing_axes, NewAxis{});
  selection.emplace_back(Ellipsis{});
  auto leaf = select(std::move(view), selection);
  return leaf && setup.at_once ? astype(*std::move(leaf), setup.at_once->dtype) : leaf;
}

/// Joins the nest's lists, the innermost along the last axis. Takes the leaves out of `nest`.
Result<ArrayView> join_lists(BlockNest& nest, const Setup& setup, int depth) {
  if (nest.leaf) return prepare_leaf(*std::move(nest.leaf), setup);
  Concatenation concatenation(setup.result_rank - setup.list_depth + depth);
  std::string first_named;
  for (BlockNest& part : nest.list) {
    auto joined = join_lists(part, setup, depth + 1);
    if (!joined) return joined;
    if (first_named.empty()) first_named = to_string(joined->shape) + " of the first array of its list";
    if (auto error = concatenation.add(*std::move(joined), first_named)) return *error;
  }
  return std::move(concatenation).finish();
}

}  // namespace

Result<ArrayView> block(BlockNest nest) {
  const auto setup = SetupWalk().run(nest);
  if (!setup) return setup.error();
  auto result = join_lists(nest, *setup, 0);
  if (!result) return result;
  const Index itemsize = result->dtype.itemsize();
  if (setup->list_depth == 0) result->numpy_strides = new_strides(result->shape, itemsize, Order::c);
  if (setup->at_once) result->numpy_strides = new_strides(result->shape, itemsize, setup->at_once->order);
  return result;
}

}  // namespace ndcat
