// "block": nested lists of sources to one array, as np.block does it.
#include <algorithm>
#include <array>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "manifests/resolve/joined_dtypes.h"
#include "manifests/resolve/joined_shapes.h"
#include "manifests/resolve/neighbour_fill.h"
#include "manifests/resolve/resolver.h"

namespace ndcat {

namespace {

/// What is known of a node of the nest; the same tree as the BlockNest beside it.
struct NestPart {
  Label label;
  std::optional<Shape> shape;  // of an array, where it is known
  bool is_list = false;
  std::vector<NestPart> list;
  bool has_unknown = false;  // nobody knows what else stands in this list
};

}  // namespace

/// Builds what core's block() takes, and compares depths, shapes and dtypes before that, so that every misfit
/// is told with its place.
class BlockBuilder {
 public:
  BlockBuilder(Resolver& resolver, ManifestScope& scope)
      : resolver_(resolver),
        scope_(scope),
        depths_([](int a, int b) { return a == b; },
                [this](const Agreement<int>::Entry& odd, const Agreement<int>::Entry& right) {
                  report(odd.label, "an array at depth " + std::to_string(odd.value) + " of the lists, but " +
                                        right.label.called + " is at depth " + std::to_string(right.value) +
                                        "; all must be equally deep");
                }),
        dtypes_([this](const Label& label, const std::string& message) { report(label, message); }) {}

  void build(const BlockNode& root, const Spot& spot) {
    if (root.leaf == nullptr) {
      part_.label = Item{spot, ""}.label();
      fill_list(root, spot, 1, nest_, part_);
      return;
    }
    const std::unique_ptr<Found> found = resolver_.single(scope_, *root.leaf, spot);
    take(
        std::move(*found), 0,
        [&] {
          return Item{spot, ""}.label();
        },
        nest_, part_);
  }

  [[gnu::noinline]] std::unique_ptr<Found> finish(const Item& block) {
    depths_.finish();
    const auto* const depth = depths_.right();
    const std::optional<Shape> shape = depth != nullptr ? shape_of_nest(depth->value) : std::nullopt;
    std::string message;
    if (!failed_) {
      Result<ArrayView> result = ndcat::block(std::move(nest_));
      if (result) return std::make_unique<Found>(std::move(*result));
      message = result.error().message;
    }
    // np.block may promote list by list: only what fails is looked at all at once, for the arrays that are to
    // blame.
    const Result<std::optional<Dtype>> dtype = dtypes_.finish();
    if (!failed_) resolver_.problem(scope_, block, message);
    return std::make_unique<Found>(Outline{shape, dtype ? *dtype : std::nullopt});
  }

 private:
  class Sink;
  void fill_list(const BlockNode& node, const Spot& spot, int depth, BlockNest& nest, NestPart& part);
  std::optional<Shape> shape_of_nest(int depth);
  void count_ranks(const NestPart& part, int axis_from_end);
  std::optional<Shape> joined_shape(const NestPart& part, int axis_from_end);

  void report(const Label& label, const std::string& message) {
    resolver_.problems_.add({scope_.shown_as, label.place, label.prefix + message});
    failed_ = true;
  }

  /// Puts an array into its place.
  void take(Found found, int depth, FunctionRef<Label()> label, BlockNest& nest, NestPart& part) {
    depths_.add(depth, label);
    part.label = label();
    part.shape = found.outline.shape;
    if (found.outline.dtype) {
      dtypes_.add(*found.outline.dtype, label);
    } else {
      dtypes_.add_unknown();
    }
    failed_ = failed_ || !found.view;
    nest.leaf = std::move(found.view);
  }

  Resolver& resolver_;
  ManifestScope& scope_;
  BlockNest nest_;
  NestPart part_;
  Agreement<int> depths_;
  JoinedDtypes dtypes_;
  int rank_ = 0;                                   // of the result
  std::array<std::size_t, kMaxRank + 1> ranks_{};  // how many arrays have each
  bool has_misfits_ = false, is_told_ = false;     // among the shapes
  bool failed_ = false;
};

/// The arrays of one list of a block.
class BlockBuilder::Sink : public ArraySink {
 public:
  Sink(BlockBuilder& builder, BlockNest& nest, NestPart& part, int depth)
      : builder_(builder),
        nest_(nest),
        part_(part),
        depth_(depth),
        gaps_({[this](ArrayView view, const Label& label) {
                 take(Found(std::move(view)), [&label] { return label; });
               },
               [this](const Label& label, const std::string& message) { builder_.report(label, message); },
               [](const Shape& a, const Shape& b) {
                 return !join_misfit(a, b, "", Join::concatenate, std::nullopt);
               }}) {}

  void array(Found found, const Item& item) override {
    gaps_.before(found.outline, item);
    take(std::move(found), [&item] { return item.label(); });
  }
  void missing(const Item& item, GapFill fill) override {
    if (!builder_.resolver_.count_array(builder_.scope_, item, 1)) return failed();
    gaps_.missing(item, std::move(fill));
  }
  void skipped() override {}
  void failed() override {
    gaps_.unknown();
    builder_.dtypes_.add_unknown();
    part_.has_unknown = true;
    builder_.failed_ = true;
  }
  void finish() { gaps_.finish(); }

 private:
  void take(Found found, FunctionRef<Label()> label) {
    builder_.take(std::move(found), depth_, label, nest_.list.emplace_back(), part_.list.emplace_back());
  }

  BlockBuilder& builder_;
  BlockNest& nest_;
  NestPart& part_;
  int depth_;
  NeighbourFill gaps_;
};

void BlockBuilder::fill_list(const BlockNode& node, const Spot& spot, int depth, BlockNest& nest,
                             NestPart& part) {
  part.is_list = true;
  if (node.list.empty()) {  // reported when it was read
    failed_ = part.has_unknown = true;
    return;
  }
  const auto sink = std::make_unique<Sink>(*this, nest, part, depth);  // on the heap: blocks nest deeply
  ListSpot list_spot{spot.where, std::nullopt};
  for (std::size_t i = 0; i < node.list.size(); ++i) {
    const PointerChain where(spot.where, i);
    const BlockNode& child = node.list[i];
    const Spot child_spot{where, child.at, &list_spot, static_cast<std::uint32_t>(i)};
    if (child.leaf != nullptr) {
      resolver_.emit(scope_, *child.leaf, child_spot, *sink);
    } else {
      nest.list.emplace_back();
      part.list.emplace_back().label = Item{child_spot, ""}.label();
      fill_list(child, child_spot, depth + 1, nest.list.back(), part.list.back());
    }
  }
  sink->finish();
  if (part.list.empty() && !part.has_unknown) {
    report(part.label, "nothing is left of this list: all its sources are missing and to be skipped");
  }
}

/// What does not stand at the right depth has been told and counts for nothing.
void BlockBuilder::count_ranks(const NestPart& part, int axis_from_end) {
  if (part.shape && axis_from_end == 0) ++ranks_[static_cast<std::size_t>(part.shape->size())];
  for (const NestPart& each : part.list) count_ranks(each, axis_from_end - 1);
}

/// Reports the shapes that do not fit; the shape of the result, as far as it is known.
std::optional<Shape> BlockBuilder::shape_of_nest(int depth) {
  count_ranks(part_, depth);
  const auto highest =
      std::find_if(ranks_.rbegin(), ranks_.rend(), [](std::size_t count) { return count > 0; });
  rank_ = std::max(depth, static_cast<int>(ranks_.rend() - highest) - 1);
  std::optional<Shape> shape = joined_shape(part_, depth);
  if (!has_misfits_) return shape;
  // An odd array is no measure for the result.
  const auto most = std::max_element(ranks_.begin(), ranks_.end());
  const int usual_rank = std::max(depth, static_cast<int>(most - ranks_.begin()));
  if (usual_rank == rank_) return shape;
  rank_ = usual_rank;
  is_told_ = true;
  return joined_shape(part_, depth);
}

/// The shape of the nest in the result's rank, as far as it is known; its lists are joined along the axis
/// that far from the last.
std::optional<Shape> BlockBuilder::joined_shape(const NestPart& part, int axis_from_end) {
  if (!part.is_list) {
    // At a wrong depth or beyond the usual rank it has been told.
    if (!part.shape || axis_from_end != 0 || part.shape->size() > rank_) return std::nullopt;
    Shape shape = Shape::filled(rank_ - part.shape->size(), 1);
    for (const Index extent : *part.shape) shape.push_back(extent);
    return shape;
  }
  if (axis_from_end < 1) return std::nullopt;
  JoinedShapes shapes(Join::concatenate, Index{-axis_from_end},
                      [this](const Label& label, const std::string& message) {
                        has_misfits_ = true;
                        if (!is_told_) report(label, message);
                      });
  for (const NestPart& each : part.list) {
    if (const std::optional<Shape> shape = joined_shape(each, axis_from_end - 1)) {
      shapes.add(*shape, [&each] { return each.label; });
    } else {
      shapes.add_unknown();
    }
  }
  if (part.has_unknown) shapes.add_unknown();
  shapes.finish();
  return shapes.shape();
}

std::unique_ptr<Found> Resolver::block(ManifestScope& scope, const BlockNode& node, const Spot& spot) {
  const PointerChain here(spot.where, "block");
  const Spot root{here, node.at};
  const auto builder = std::make_unique<BlockBuilder>(*this, scope);
  builder->build(node, root);
  return builder->finish({root, ""});
}

}  // namespace ndcat
