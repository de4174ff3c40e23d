#include "manifests/resolve/neighbour_fill.h"

#include <utility>

#include "core/algebra/algebra.h"
#include "core/dtypes/promotion.h"
#include "manifests/words/fill_value.h"

namespace ndcat {

namespace {

/// As arrays of it are joined: native, and structures without gaps, which a neighbour may have lost already.
Dtype without_gaps(const Dtype& dtype) {
  const std::vector<Dtype> twice(2, dtype);
  const Result<Dtype> joined = result_dtype(twice);
  return joined ? *joined : dtype.native();
}

}  // namespace

void NeighbourFill::missing(const Item& item, GapFill fill) {
  if (last_unknown_) return;
  gaps_.push_back(
      {{item.spot.where.text(), item.spot.at.line, item.spot.at.column}, item.prefix(), std::move(fill)});
}

void NeighbourFill::before(const ArrayView& view, const Item& item) {
  last_unknown_ = false;
  Neighbour next{view.dtype.native(), view.shape, gaps_.empty() ? "" : item.called()};
  if (last_ == nullptr || gaps_.empty() || (last_->dtype == next.dtype && last_->shape == next.shape)) {
    fill(next);
  } else {
    const bool shapes = !(last_->shape == next.shape);
    for (const Gap& gap : std::exchange(gaps_, {})) {
      out_.report({"", gap.place,
                   gap.prefix + "missing, and its neighbours do not agree on what to fill: " +
                       (shapes ? "shape " + to_string(last_->shape) : last_->dtype.name()) + " before it, " +
                       (shapes ? to_string(next.shape) : next.dtype.name()) + " of " + next.called +
                       " after it; give it \"dtype\" and \"shape\""});
    }
  }
  if (last_ == nullptr || !(last_->dtype == next.dtype) || !(last_->shape == next.shape)) {
    last_ = std::make_unique<Neighbour>(std::move(next));
  }
}

void NeighbourFill::unknown() {
  gaps_.clear();
  last_.reset();
  last_unknown_ = true;
}

void NeighbourFill::finish() {
  if (last_ != nullptr) {
    fill(*last_);
    return;
  }
  for (const Gap& gap : gaps_) {
    out_.report(
        {"", gap.place,
         gap.prefix +
             "missing, and no source of this list is there to say what to fill; give it \"dtype\" and "
             "\"shape\""});
  }
}

void NeighbourFill::fill(const Neighbour& like) {
  for (const Gap& gap : std::exchange(gaps_, {})) {
    const std::optional<Dtype>& own = gap.fill.own_dtype;
    if (own && without_gaps(fitted(*own, like.dtype)) != without_gaps(like.dtype)) {
      out_.report({"", gap.place,
                   gap.prefix + "missing, and its own dtype is " + own->name() +
                       ", but its neighbours have " + like.dtype.name() +
                       "; give it a \"shape\" too, so that it needs no neighbours"});
      continue;
    }
    const JsonValue& value = *gap.fill.value;
    const Result<std::vector<std::byte>> element = fill_element(value, like.dtype);
    if (!element) {
      out_.report({"",
                   {gap.place.pointer + "/missing/fill", value.line, value.column},
                   gap.prefix + element.error().message});
      continue;
    }
    Result<ArrayView> filled = full_view(like.dtype, like.shape, *element);
    if (filled) {
      out_.accept(std::move(*filled));
    } else {
      out_.report({"", gap.place, gap.prefix + filled.error().message});
    }
  }
}

}  // namespace ndcat
