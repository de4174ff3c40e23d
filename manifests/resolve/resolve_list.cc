// "concatenate" and "stack": a list of sources to one array, each misfit a problem of its own.
#include <string>
#include <utility>
#include <vector>

#include "manifests/resolve/neighbour_fill.h"
#include "manifests/resolve/resolver.h"

namespace ndcat {

class ListSink : public ArraySink {
 public:
  ListSink(Resolver& resolver, const ManifestScope& scope, const ListExpression& list, const Spot& spot,
           bool checked)
      : resolver_(resolver),
        scope_(scope),
        list_(list),
        spot_(spot),
        failed_(!checked),
        checked_(checked),
        joined_(list.axis, list.is_stack ? Join::stack : Join::concatenate),
        gaps_({[this](ArrayView view) { take_filled(std::move(view)); },
               [this](Problem problem) {
                 problem.file = scope_.shown_as;
                 resolver_.problems_.add(std::move(problem));
                 failed_ = true;
               }}) {}

  void array(ArrayView view, const Item& item) override {
    if (!checked_) return;
    gaps_.before(view, item);
    if (first_named_.empty()) {
      first_named_ = to_string(view.shape) + " of " + item.called();
      check_axis(view.shape.size());
    }
    if (axis_is_wrong_) return;
    remember_dtype(view.dtype, item);
    if (const std::optional<Error> error = joined_.add(std::move(view), first_named_)) {
      resolver_.problems_.add(scope_.shown_as, item.spot.where, item.spot.at,
                              (item.from_glob ? item.prefix() : "") + error->message);
      failed_ = true;
    }
  }
  void missing(const Item& item, GapFill fill) override {
    if (!resolver_.count_array(scope_, item, 1)) return failed();
    if (checked_) gaps_.missing(item, std::move(fill));
  }
  void skipped() override { ++skipped_; }
  void failed() override {
    gaps_.unknown();
    failed_ = true;
  }

  /// The array, or null after a problem.
  [[gnu::noinline]] std::unique_ptr<ArrayView> finish() {
    gaps_.finish();
    if (failed_ || axis_is_wrong_) return nullptr;
    const PointerChain here(spot_.where, list_.is_stack ? "stack" : "concatenate");
    if (first_named_.empty()) {
      resolver_.problems_.add(scope_.shown_as, here, list_.items_at,
                              "nothing is left: all sources are missing and to be skipped (" +
                                  std::to_string(skipped_) + " of " + std::to_string(skipped_) + ")");
      return nullptr;
    }
    Result<ArrayView> result = std::move(joined_).finish();
    if (result) return std::make_unique<ArrayView>(std::move(*result));
    resolver_.problems_.add(scope_.shown_as, here, list_.items_at, name_dtypes(result.error().message));
    return nullptr;
  }

 private:
  /// An axis that the first array does not have is one problem of the axis, not one of every source.
  void check_axis(int rank) {
    if (rank == 0 && !list_.is_stack) return;  // told of each source: it has no axis at all
    const Result<int> axis = normalize_axis(list_.axis, list_.is_stack ? rank + 1 : rank);
    if (axis) return;
    axis_is_wrong_ = true;
    resolver_.problems_.add(scope_.shown_as, PointerChain(spot_.where, "axis"), list_.axis_at,
                            axis.error().message + " (the first source is " + first_named_ + ")");
  }

  void take_filled(ArrayView view) {
    if (first_named_.empty()) first_named_ = to_string(view.shape) + " of the first source";
    if (!axis_is_wrong_ && joined_.add(std::move(view), first_named_)) failed_ = true;
  }

  void remember_dtype(const Dtype& dtype, const Item& item) {
    constexpr std::size_t kMostRemembered = 64;
    if (dtypes_.size() >= kMostRemembered || (!dtypes_.empty() && dtypes_.back().first == dtype)) return;
    for (const auto& known : dtypes_) {
      if (known.first == dtype) return;
    }
    dtypes_.emplace_back(dtype, item.called());
  }

  /// Adds to "these dtypes have nothing in common" which sources have them.
  std::string name_dtypes(std::string message) const {
    for (std::size_t a = 0; a < dtypes_.size(); ++a) {
      for (std::size_t b = a + 1; b < dtypes_.size(); ++b) {
        const std::vector<Dtype> pair{dtypes_[a].first, dtypes_[b].first};
        if (result_dtype(pair)) continue;
        return message + ": " + dtypes_[a].second + " is " + dtypes_[a].first.name() + ", " +
               dtypes_[b].second + " is " + dtypes_[b].first.name();
      }
    }
    return message;
  }

  Resolver& resolver_;
  const ManifestScope& scope_;
  const ListExpression& list_;
  const Spot& spot_;
  bool failed_;
  const bool checked_;
  Concatenation joined_;
  NeighbourFill gaps_;
  std::string first_named_;  // "(5000, 1000) of a.npy"
  std::vector<std::pair<Dtype, std::string>>
      dtypes_;  // distinct ones, each with the first source that has it
  std::size_t skipped_ = 0;
  bool axis_is_wrong_ = false;
};

std::unique_ptr<ArrayView> Resolver::list(ManifestScope& scope, const ListExpression& expression,
                                          const Spot& spot, bool checked) {
  constexpr std::size_t kPrefetched = 1024;
  const auto sink =
      std::make_unique<ListSink>(*this, scope, expression, spot, checked);  // on the heap: lists nest deeply
  const PointerChain here(spot.where, expression.is_stack ? "stack" : "concatenate");
  ListSpot list_spot{here, std::nullopt};
  const std::span<const Expression> items(expression.items);
  for (std::size_t i = 0; i < items.size(); ++i) {
    if (i % kPrefetched == 0) prefetch(scope, items.subspan(i));
    const PointerChain where(here, i);
    const Spot item{where, items[i].at, &list_spot, static_cast<std::uint32_t>(i)};
    emit(scope, items[i], item, *sink);
  }
  if (expression.items.empty()) return nullptr;  // reported when it was read
  return sink->finish();
}

}  // namespace ndcat
