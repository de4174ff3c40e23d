// "concatenate" and "stack": a list of sources to one array, each misfit a problem of its own.
#include <string>
#include <utility>

#include "manifests/resolve/joined_dtypes.h"
#include "manifests/resolve/joined_shapes.h"
#include "manifests/resolve/neighbour_fill.h"
#include "manifests/resolve/resolver.h"

namespace ndcat {

class ListSink : public ArraySink {
 public:
  ListSink(Resolver& resolver, const ManifestScope& scope, const ListExpression& list, const Spot& spot)
      : resolver_(resolver),
        scope_(scope),
        list_(list),
        spot_(spot),
        joined_(list.axis.value_or(0), join()),
        shapes_(join(), list.axis, reporter()),
        dtypes_(reporter()),
        gaps_({[this](ArrayView view, const Label& label) {
                 take(Found(std::move(view)), [&label] { return label; });
               },
               reporter(), [this](const Shape& a, const Shape& b) { return shapes_.fit(a, b); }}) {}

  void array(Found found, const Item& item) override {
    gaps_.before(found.outline, item);
    take(std::move(found), [&item] { return item.label(); });
  }
  void missing(const Item& item, GapFill fill) override {
    if (!resolver_.count_array(scope_, item, 1)) return failed();
    gaps_.missing(item, std::move(fill));
  }
  void skipped() override { ++skipped_; }
  void failed() override {
    gaps_.unknown();
    shapes_.add_unknown();
    dtypes_.add_unknown();
    give_up();
  }

  [[gnu::noinline]] std::unique_ptr<Found> finish() {
    gaps_.finish();
    shapes_.finish();
    const PointerChain here(spot_.where, list_.is_stack ? "stack" : "concatenate");
    if (const auto refusal = shapes_.refusal()) report(refusal->label, refusal->error.message);
    if (const auto error = shapes_.axis_refusal()) {
      report(PointerChain(spot_.where, "axis"), list_.axis_at, error->message);
    }
    const Result<std::optional<Dtype>> dtype = dtypes_.finish();
    if (!dtype) report(here, list_.items_at, dtype.error().message);
    if (!shapes_.any() && !failed_) {
      report(here, list_.items_at,
             "nothing is left: all sources are missing and to be skipped (" + std::to_string(skipped_) +
                 " of " + std::to_string(skipped_) + ")");
    }
    if (failed_) return std::make_unique<Found>(Outline{shapes_.shape(), dtype ? *dtype : std::nullopt});
    Result<ArrayView> result = std::move(joined_).finish();
    if (result) return std::make_unique<Found>(std::move(*result));
    report(here, list_.items_at, result.error().message);
    return std::make_unique<Found>();
  }

 private:
  [[nodiscard]] Join join() const { return list_.is_stack ? Join::stack : Join::concatenate; }

  void report(const PointerChain& where, TextPosition at, std::string message) {
    resolver_.problems_.add(scope_.shown_as, where, at, std::move(message));
    give_up();
  }
  void report(const Label& label, const std::string& message) {
    resolver_.problems_.add({scope_.shown_as, label.place, label.prefix + message});
    give_up();
  }
  std::function<void(const Label&, std::string)> reporter() {
    return [this](const Label& label, const std::string& message) { report(label, message); };
  }
  /// Nothing will come of this list; what is left of it is only looked at for problems.
  void give_up() {
    if (!std::exchange(failed_, true)) joined_ = Concatenation(0);
  }

  void take(Found found, FunctionRef<Label()> label) {
    bool fits = false;
    if (found.outline.shape) {
      fits = shapes_.add(*found.outline.shape, label);
    } else {
      shapes_.add_unknown();
    }
    if (found.outline.dtype) {
      dtypes_.add(*found.outline.dtype, label);
    } else {
      dtypes_.add_unknown();
    }
    if (!found.view || !fits) give_up();
    if (failed_) return;
    if (const auto error = joined_.add(std::move(*found.view), "")) report(label(), error->message);
  }

  Resolver& resolver_;
  const ManifestScope& scope_;
  const ListExpression& list_;
  const Spot& spot_;
  Concatenation joined_;
  JoinedShapes shapes_;
  JoinedDtypes dtypes_;
  NeighbourFill gaps_;
  std::size_t skipped_ = 0;
  bool failed_ = false;
};

std::unique_ptr<Found> Resolver::list(ManifestScope& scope, const ListExpression& expression,
                                      const Spot& spot) {
  constexpr std::size_t kPrefetched = 1024;
  if (expression.items.empty()) return std::make_unique<Found>();  // reported when it was read
  const auto sink =
      std::make_unique<ListSink>(*this, scope, expression, spot);  // on the heap: lists nest deeply
  const PointerChain here(spot.where, expression.is_stack ? "stack" : "concatenate");
  ListSpot list_spot{here, std::nullopt};
  const std::span<const Expression> items(expression.items);
  for (std::size_t i = 0; i < items.size(); ++i) {
    if (i % kPrefetched == 0) prefetch(scope, items.subspan(i));
    const PointerChain where(here, i);
    const Spot item{where, items[i].at, &list_spot, static_cast<std::uint32_t>(i)};
    emit(scope, items[i], item, *sink);
  }
  return sink->finish();
}

}  // namespace ndcat
