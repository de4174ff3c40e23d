// "select", "transpose" and "astype", applied to an array or to what is known of one.
#include <functional>
#include <string>
#include <utility>

#include "core/casts/conversion.h"
#include "manifests/resolve/resolver.h"

namespace ndcat {
namespace {

/// One array on its way through its modifiers. Each problem takes away the array and what it says nothing of
/// any more; the modifiers after it are held against the rest.
class ModifierRun {
 public:
  using Report = std::function<void(std::string_view key, TextPosition at, const std::string& message)>;
  ModifierRun(Found found, Report report) : found_(std::move(found)), report_(std::move(report)) {}

  void select(const Modifiers& modifiers) {
    if (modifiers.broken.select) lose_shape();
    if (!modifiers.select || !found_.outline.shape) return;
    Shape& shape = *found_.outline.shape;
    const Selection& selection = modifiers.select->value;
    const std::vector<Error> misfits = select_misfits(selection, shape);
    for (const Error& misfit : misfits) {
      report_("select", modifiers.select->at,
              misfit.message + " (the array's shape is " + known_extents(shape) + ")");
    }
    if (!misfits.empty()) return lose_shape();
    shape = selected_shape(selection, shape);
    if (found_.view) found_.view = std::move(*ndcat::select(std::move(*found_.view), selection));
  }

  void transpose(const Modifiers& modifiers) {
    if (modifiers.broken.transpose) lose_shape();
    if (!modifiers.transpose || !found_.outline.shape) return;
    Shape& shape = *found_.outline.shape;
    const auto& axes = modifiers.transpose->value;
    const std::vector<Error> misfits = axes ? transpose_misfits(*axes, shape.size()) : std::vector<Error>();
    for (const Error& misfit : misfits) report_("transpose", modifiers.transpose->at, misfit.message);
    if (!misfits.empty()) return lose_shape();
    shape = transposed_shape(shape, axes);
    if (found_.view) found_.view = std::move(*ndcat::transpose(std::move(*found_.view), axes));
  }

  void astype(const Modifiers& modifiers) {
    if (modifiers.broken.astype) lose_dtype();
    if (!modifiers.astype) return;
    const Dtype& wanted = modifiers.astype->value;
    std::optional<Error> error;
    if (found_.view) {
      Result<ArrayView> cast = ndcat::astype(std::move(*found_.view), wanted);
      if (cast) found_.outline.dtype = cast->dtype;
      if (!cast) error = cast.error();
      found_.view = cast ? std::optional(std::move(*cast)) : std::nullopt;
    } else if (found_.outline.dtype) {
      const Dtype dtype = fitted(wanted, *found_.outline.dtype);
      const auto cast = Conversion::make(*found_.outline.dtype, dtype);
      if (!cast) error = cast.error();
      found_.outline.dtype = dtype;
    } else if (fitted(wanted, Dtype::boolean()) == wanted) {
      found_.outline.dtype = wanted;  // it is as wide as it says, whatever the array's own is
    }
    if (!error) return;
    report_("astype", modifiers.astype->at, error->message);
    lose_dtype();
  }

  Found take() { return std::move(found_); }

 private:
  void lose_shape() {
    found_.view.reset();
    found_.outline.shape.reset();
  }
  void lose_dtype() {
    found_.view.reset();
    found_.outline.dtype.reset();
  }

  Found found_;
  Report report_;
};

}  // namespace

Found Resolver::modified(const ManifestScope& scope, Found found, const Modifiers* modifiers,
                         const Item& item) {
  if (modifiers == nullptr) return found;
  const auto report = [&](std::string_view key, TextPosition at, const std::string& message) {
    problems_.add(scope.shown_as, PointerChain(item.spot.where, key), at,
                  (item.from_glob ? item.prefix() : "") + message);
  };
  ModifierRun run(std::move(found), report);
  run.select(*modifiers);
  run.transpose(*modifiers);
  run.astype(*modifiers);
  return run.take();
}

}  // namespace ndcat
