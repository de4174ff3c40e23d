#include "manifests/resolve/joined_shapes.h"

#include <algorithm>
#include <utility>

#include "core/algebra/algebra.h"

namespace ndcat {
namespace {

std::string named(const Agreement<Shape>::Entry& entry) {
  return known_extents(entry.value) + " of " + entry.label.called;
}

bool is_complete(const Shape& shape) { return std::find(shape.begin(), shape.end(), -1) == shape.end(); }

}  // namespace

JoinedShapes::JoinedShapes(Join join, std::optional<Index> axis, Odd odd)
    : join_(join),
      axis_(axis),
      odd_(std::move(odd)),
      shapes_([this](const Shape& a, const Shape& b) { return !misfit(a, b, ""); },
              [this](const Agreement<Shape>::Entry& entry, const Agreement<Shape>::Entry& right) {
                extent_ = -1;
                odd_(entry.label, misfit(entry.value, right.value, named(right))->message);
              }) {}

std::optional<int> JoinedShapes::axis_for(const Shape& shape) const {
  if (!axis_) return std::nullopt;
  const Result<int> axis = normalize_axis(*axis_, shape.size() + (join_ == Join::stack ? 1 : 0));
  return axis ? std::optional(*axis) : std::nullopt;
}

std::optional<Error> JoinedShapes::misfit(const Shape& shape, const Shape& like,
                                          const std::string& named) const {
  return join_misfit(shape, like, named, join_, axis_for(like));
}

bool JoinedShapes::add(const Shape& shape, FunctionRef<Label()> label) {
  if (!is_complete(shape)) {
    if (incomplete_.size() < ProblemList::kMostKept) incomplete_.push_back({shape, label()});
    count(shape, label);
    return false;
  }
  const bool agrees = shapes_.add(shape, label);
  count(shape, label);
  return agrees && !join_refusal(shape, join_) && axis_for(shape);
}

void JoinedShapes::count(const Shape& shape, FunctionRef<Label()> label) {
  const std::optional<int> axis = axis_for(shape);
  if (extent_ < 0) return;
  const Index added = join_ == Join::stack ? 1 : axis && *axis < shape.size() ? shape[*axis] : -1;
  const std::optional<Index> sum = added < 0 ? -1 : checked_add(extent_, added);
  if (!sum) odd_(label(), joined_too_long(*axis).message);
  extent_ = sum.value_or(-1);
}

void JoinedShapes::finish() {
  shapes_.finish();
  for (const auto& entry : std::exchange(incomplete_, {})) {
    if (const auto* const right = shapes_.right()) {
      if (const auto error = misfit(entry.value, right->value, named(*right)))
        odd_(entry.label, error->message);
    } else {
      shapes_.add(entry.value, [&] { return entry.label; });
      shapes_.finish();
    }
  }
}

std::optional<JoinedShapes::Refusal> JoinedShapes::refusal() const {
  const auto* const right = shapes_.right();
  if (right == nullptr) return std::nullopt;
  std::optional<Error> error = join_refusal(right->value, join_);
  if (!error) return std::nullopt;
  return Refusal{right->label, std::move(*error)};
}

std::optional<Error> JoinedShapes::axis_refusal() const {
  const auto* const right = shapes_.right();
  if (right == nullptr || !axis_ || refusal()) return std::nullopt;
  const Result<int> axis = normalize_axis(*axis_, right->value.size() + (join_ == Join::stack ? 1 : 0));
  if (axis) return std::nullopt;
  return Error{axis.error().message + " (the shape of " + right->label.called + " is " +
               known_extents(right->value) + ")"};
}

std::optional<Shape> JoinedShapes::shape() const {
  const auto* const right = shapes_.right();
  if (right == nullptr || refusal()) return std::nullopt;
  Shape shape = right->value;
  const std::optional<int> axis = axis_for(shape);
  if (!axis) return Shape::filled(shape.size() + (join_ == Join::stack ? 1 : 0), -1);
  if (join_ == Join::stack) {
    shape.insert(*axis, extent_);
  } else {
    shape[*axis] = extent_;
  }
  return shape;
}

}  // namespace ndcat
