#include "core/dtypes/promotion.h"

#include <algorithm>

#include "core/dtypes/dtype_instance.h"

namespace ndcat {
namespace {

Error no_common_dtype(const Dtype& a, const Dtype& b) {
  return Error{"NumPy has no common dtype for " + a.name() + " and " + b.name() +
               "; give one of them an \"astype\" first"};
}

Error no_cast(const Dtype& from, const Dtype& to) {
  return Error{"np.concatenate does not cast " + from.name() + " to " + to.name() +
               " (not the same kind); give it an \"astype\" first"};
}

// Names the first two that stand in each other's way.
template <class Dtypes>
Error no_common_dtype(const Dtypes& dtypes) {
  for (std::size_t b = 1; b < dtypes.size(); ++b) {
    for (std::size_t a = 0; a < b; ++a) {
      if (!common_class(type_class(dtypes[a]), type_class(dtypes[b])))
        return no_common_dtype(dtypes[a], dtypes[b]);
    }
  }
  return no_common_dtype(dtypes.front(), dtypes.back());
}

// The common instance of the class, of dtypes that convert to it.
Result<Dtype> join(TypeClass type, std::span<const Dtype> dtypes) {
  if (is_number(type)) return number_dtype(type);
  Dtype joined = instance_of(type, dtypes.front());
  if (dtypes.size() == 1) return canonical(joined);
  for (const Dtype& dtype : dtypes.subspan(1)) {
    auto next = common_instance(joined, instance_of(type, dtype));
    if (!next) return next;
    joined = *std::move(next);
  }
  return joined;
}

}  // namespace

Result<Dtype> result_dtype(std::span<const Dtype> dtypes) {
  if (dtypes.size() == 1) return canonical(dtypes.front());
  std::vector<TypeClass> types(dtypes.size());
  std::ranges::transform(dtypes, types.begin(), type_class);
  const auto type = common_class(types);
  if (!type) return no_common_dtype(dtypes);
  return join(*type, dtypes);
}

void DtypePromotion::add(const Dtype& dtype) {
  auto& merged = merged_[static_cast<std::size_t>(type_class(dtype))];
  if (!merged) {
    merged = Merged{dtype, dtype, false};
    order_.push_back(type_class(dtype));
    return;
  }
  if (error_ || (merged->several && is_same(merged->latest, dtype))) return;
  auto joined = join(type_class(dtype), std::vector{merged->dtype, dtype});
  if (!joined) {
    error_ = joined.error();
  } else if (!is_same_kind(merged->dtype, *joined) || !is_same_kind(dtype, *joined)) {
    error_ = no_cast(is_same_kind(dtype, *joined) ? merged->dtype : dtype, *joined);
  } else {
    merged = Merged{*std::move(joined), dtype, true};
  }
}

Result<Dtype> DtypePromotion::result() const {
  if (error_) return *error_;
  std::vector<Dtype> dtypes;
  for (const TypeClass type : order_) dtypes.push_back(merged_[static_cast<std::size_t>(type)]->dtype);
  if (dtypes.size() == 1 && merged_[static_cast<std::size_t>(order_.front())]->several) return dtypes.front();
  auto result = result_dtype(dtypes);
  if (!result) return result;
  for (const Dtype& dtype : dtypes) {
    if (!is_same_kind(dtype, *result)) return no_cast(dtype, *result);
  }
  return result;
}

}  // namespace ndcat
