#include "manifests/resolve/neighbour_fill.h"

#include <algorithm>
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

bool can_be_joined(const Dtype& a, const Dtype& b) {
  const std::vector<Dtype> both{a, b};
  return result_dtype(both).ok();
}

bool is_complete(const Outline& outline) {
  return outline.dtype && outline.shape &&
         std::find(outline.shape->begin(), outline.shape->end(), -1) == outline.shape->end();
}

}  // namespace

Label fill_label(const Label& source, const JsonValue& value, const JsonValue& mistake) {
  return {
      {source.place.pointer + "/missing/fill" + pointer_within(value, mistake), mistake.line, mistake.column},
      source.prefix,
      source.called};
}

void NeighbourFill::missing(const Item& item, GapFill fill) {
  Label label = item.label();
  label.prefix = item.prefix();
  gaps_.push_back({std::move(label), std::move(fill)});
}

void NeighbourFill::before(const Outline& outline, const Item& item) {
  if (!is_complete(outline)) return unknown();
  last_unknown_ = false;
  Neighbour next{outline.dtype->native(), *outline.shape, gaps_.empty() ? "" : item.called()};
  const bool same_shape = last_ == nullptr || last_->shape == next.shape;
  const bool same_dtype = last_ == nullptr || last_->dtype == next.dtype;
  if (gaps_.empty() || (same_shape && same_dtype)) {
    fill(next);
  } else if (same_shape ? can_be_joined(last_->dtype, next.dtype) : out_.fit(last_->shape, next.shape)) {
    for (const Gap& gap : std::exchange(gaps_, {})) {
      out_.report(gap.label, "missing, and its neighbours do not agree on what to fill: " +
                                 (same_shape ? last_->dtype.name() : "shape " + to_string(last_->shape)) +
                                 " before it, " + (same_shape ? next.dtype.name() : to_string(next.shape)) +
                                 " of " + next.called + " after it; give it \"dtype\" and \"shape\"");
    }
  } else {
    gaps_.clear();  // one of the neighbours is odd itself, which is told of it
  }
  if (!same_shape || !same_dtype || last_ == nullptr) last_ = std::make_unique<Neighbour>(std::move(next));
}

void NeighbourFill::unknown() {
  if (last_ != nullptr) fill(*last_);
  last_.reset();
  last_unknown_ = true;
}

void NeighbourFill::finish() {
  if (last_ != nullptr) {
    fill(*last_);
  } else if (last_unknown_) {
    gaps_.clear();
  }
  for (const Gap& gap : gaps_) {
    out_.report(
        gap.label,
        "missing, and no source of this list is there to say what to fill; give it \"dtype\" and \"shape\"");
  }
}

void NeighbourFill::fill(const Neighbour& like) {
  for (const Gap& gap : std::exchange(gaps_, {})) {
    const std::optional<Dtype>& own = gap.fill.own_dtype;
    if (own && without_gaps(fitted(*own, like.dtype)) != without_gaps(like.dtype)) {
      out_.report(gap.label, "missing, and its own dtype is " + own->name() + ", but its neighbours have " +
                                 like.dtype.name() +
                                 "; give it a \"shape\" too, so that it needs no neighbours");
      continue;
    }
    const JsonValue& value = *gap.fill.value;
    JsonMistakes mistakes;
    const std::optional<std::vector<std::byte>> element = fill_element(value, like.dtype, mistakes);
    for (const JsonMistake& mistake : mistakes) {
      out_.report(fill_label(gap.label, value, *mistake.at), mistake.message);
    }
    if (!element) continue;
    Result<ArrayView> filled = full_view(like.dtype, like.shape, *element);
    if (filled) {
      out_.accept(std::move(*filled), gap.label);
    } else {
      out_.report(gap.label, filled.error().message);
    }
  }
}

}  // namespace ndcat
