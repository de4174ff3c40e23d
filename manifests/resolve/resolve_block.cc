// "block": nested lists of sources to one array, as np.block does it.
#include <algorithm>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "manifests/resolve/neighbour_fill.h"
#include "manifests/resolve/resolver.h"

namespace ndcat {

namespace {

/// What messages call a node of the nest, and where they point; the same tree as the BlockNest beside it.
struct Label {
  Place place;
  std::string prefix, called;
  std::vector<Label> list;
};

Label label_of(const Item& item) {
  return {{item.spot.where.text(), item.spot.at.line, item.spot.at.column},
          item.from_glob ? item.prefix() : "",
          item.called(),
          {}};
}

}  // namespace

/// Builds what core's block() takes, and compares the shapes before that, so that every misfit is told with
/// its place.
class BlockBuilder {
 public:
  BlockBuilder(Resolver& resolver, ManifestScope& scope) : resolver_(resolver), scope_(scope) {}

  void build(const BlockNode& root, const Spot& spot) {
    if (root.leaf != nullptr) {
      nest_.leaf = resolver_.single(scope_, *root.leaf, spot);
      failed_ = failed_ || !nest_.leaf;
    } else {
      label_ = label_of({spot, ""});
      fill_list(root, spot, 1, nest_, label_);
    }
  }

  /// The array, or null after a problem.
  [[gnu::noinline]] std::unique_ptr<ArrayView> finish(const Item& block) {
    if (!failed_ && !nest_.leaf) check_shapes(nest_, label_, *depth_);
    if (failed_) return nullptr;
    Result<ArrayView> result = ndcat::block(std::move(nest_));
    if (result) return std::make_unique<ArrayView>(std::move(*result));
    resolver_.problem(scope_, block, result.error().message);
    return nullptr;
  }

 private:
  class Sink;
  void fill_list(const BlockNode& node, const Spot& spot, int depth, BlockNest& nest, Label& label);
  Shape check_shapes(const BlockNest& nest, const Label& label, int axis_from_end);

  void report(const Label& label, const std::string& message) {
    resolver_.problems_.add({scope_.shown_as, label.place, label.prefix + message});
    failed_ = true;
  }

  Resolver& resolver_;
  ManifestScope& scope_;
  BlockNest nest_;
  Label label_;
  std::optional<int> depth_;  // of the first array
  int rank_ = 0;              // of the result
  bool failed_ = false;
};

/// The arrays of one list of a block.
class BlockBuilder::Sink : public ArraySink {
 public:
  Sink(BlockBuilder& builder, BlockNest& nest, Label& label, int depth)
      : builder_(builder),
        nest_(nest),
        label_(label),
        depth_(depth),
        gaps_({[this](ArrayView view) { take(std::move(view), {}); },
               [this](const Problem& problem) {
                 builder_.report({problem.place, "", "", {}}, problem.message);
               }}) {}

  void array(ArrayView view, const Item& item) override {
    gaps_.before(view, item);
    if (!builder_.depth_) builder_.depth_ = depth_;
    if (builder_.depth_ != depth_) {
      builder_.report(label_of(item), "an array at depth " + std::to_string(depth_) +
                                          " of the lists, but the first one of this block is at depth " +
                                          std::to_string(*builder_.depth_) + "; all must be equally deep");
    }
    builder_.rank_ = std::max({builder_.rank_, view.shape.size(), depth_});
    take(std::move(view), label_of(item));
  }
  void missing(const Item& item, GapFill fill) override {
    if (builder_.resolver_.count_array(builder_.scope_, item, 1)) gaps_.missing(item, std::move(fill));
  }
  void skipped() override {}
  void failed() override {
    gaps_.unknown();
    builder_.failed_ = true;
  }
  void finish() { gaps_.finish(); }

 private:
  void take(ArrayView view, Label label) {
    nest_.list.push_back({std::move(view), {}});
    label_.list.push_back(std::move(label));
  }

  BlockBuilder& builder_;
  BlockNest& nest_;
  Label& label_;
  int depth_;
  NeighbourFill gaps_;
};

void BlockBuilder::fill_list(const BlockNode& node, const Spot& spot, int depth, BlockNest& nest,
                             Label& label) {
  if (node.list.empty()) failed_ = true;                                // reported when it was read
  const auto sink = std::make_unique<Sink>(*this, nest, label, depth);  // on the heap: blocks nest deeply
  ListSpot list_spot{spot.where, std::nullopt};
  for (std::size_t i = 0; i < node.list.size(); ++i) {
    const PointerChain where(spot.where, i);
    const BlockNode& child = node.list[i];
    const Spot child_spot{where, child.at, &list_spot, static_cast<std::uint32_t>(i)};
    if (child.leaf != nullptr) {
      resolver_.emit(scope_, *child.leaf, child_spot, *sink);
    } else {
      nest.list.emplace_back();
      label.list.push_back(label_of({child_spot, ""}));
      fill_list(child, child_spot, depth + 1, nest.list.back(), label.list.back());
    }
  }
  sink->finish();
  if (nest.list.empty() && !node.list.empty() && !failed_) {
    report(label, "nothing is left of this list: all its sources are missing and to be skipped");
  }
}

/// The shape of the nest in the result's rank; its lists are joined along the axis that far from the last.
Shape BlockBuilder::check_shapes(const BlockNest& nest, const Label& label, int axis_from_end) {
  if (nest.leaf) {
    Shape shape = Shape::filled(rank_ - nest.leaf->shape.size(), 1);
    for (const Index extent : nest.leaf->shape) shape.push_back(extent);
    return shape;
  }
  const int axis = rank_ - axis_from_end;
  Shape joined;
  std::string first;
  for (std::size_t i = 0; i < nest.list.size(); ++i) {
    const Shape shape = check_shapes(nest.list[i], label.list[i], axis_from_end - 1);
    if (i == 0) {
      joined = shape;
      first = to_string(shape) + " of " + label.list[i].called;
      continue;
    }
    for (int other = 0; other < rank_; ++other) {
      if (other == axis || shape[other] == joined[other]) continue;
      report(label.list[i], "shape " + to_string(shape) + " does not match " + first + " on axis " +
                                std::to_string(other) + " (in this list only axis " + std::to_string(axis) +
                                " may differ)");
      break;
    }
    joined[axis] = checked_add(joined[axis], shape[axis]).value_or(kMaxIndex);
  }
  return joined;
}

std::unique_ptr<ArrayView> Resolver::block(ManifestScope& scope, const BlockNode& node, const Spot& spot) {
  const PointerChain here(spot.where, "block");
  const Spot root{here, node.at};
  const auto builder = std::make_unique<BlockBuilder>(*this, scope);
  builder->build(node, root);
  return builder->finish({root, ""});
}

}  // namespace ndcat
