#include "manifests/resolve/joined_dtypes.h"

namespace ndcat {
namespace {

/// Of two arrays with these dtypes.
Result<Dtype> promoted(const Dtype& a, const Dtype& b) {
  DtypePromotion promotion;
  promotion.add(a);
  promotion.add(b);
  return promotion.result();
}

/// In either order, which for a few structures is not the same.
bool agree(const Dtype& a, const Dtype& b) { return a == b || promoted(a, b).ok() || promoted(b, a).ok(); }

}  // namespace

JoinedDtypes::JoinedDtypes(Odd odd)
    : odd_(std::move(odd)),
      dtypes_(agree, [this](const Agreement<Dtype>::Entry& entry, const Agreement<Dtype>::Entry& right) {
        if (odd_ones_.size() >= ProblemList::kMostKept) return;
        const Result<Dtype> both = promoted(right.value, entry.value);
        odd_ones_.emplace_back(entry.label, both.error().message + " (" + right.label.called + " is " +
                                                right.value.name() + ")");
      }) {}

void JoinedDtypes::add(const Dtype& dtype, FunctionRef<Label()> label) {
  ++count_;
  promotion_.add(dtype);
  if (dtypes_.right() != nullptr && last_agreed_ == dtype) return;
  if (dtypes_.add(dtype, label)) last_agreed_ = dtype;
}

Result<std::optional<Dtype>> JoinedDtypes::finish() {
  dtypes_.finish();
  if (count_ == 0) return std::optional<Dtype>();
  Result<Dtype> dtype = promotion_.result();
  if (dtype) return is_known_ ? std::optional(std::move(*dtype)) : std::nullopt;
  if (odd_ones_.empty()) return dtype.error();
  for (auto& [label, message] : odd_ones_) odd_(label, std::move(message));
  return std::optional<Dtype>();
}

}  // namespace ndcat
