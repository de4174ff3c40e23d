#include "manifests/resolve/resolver.h"

#include <algorithm>
#include <utility>

#include "core/algebra/numpy_strides.h"
#include "manifests/parse/parse_expression.h"
#include "manifests/texts/printable.h"

namespace ndcat {
namespace {

constexpr Index kLongestManifest = Index{64} << 20U;
// Both bound the stack. Expressions within expressions, those of nested manifests included:
constexpr int kDeepest = 500;
constexpr std::size_t kMostOpenManifests = 100;

std::string folder_of(const std::string& path) {
  const std::size_t slash = path.rfind('/');
  return slash == std::string::npos ? "" : path.substr(0, slash + 1);
}

/// What problems call the manifest that another one, which they call `from`, names.
std::string shown_from(const std::string& from, std::string_view name) {
  if (name.starts_with('/')) return std::string(name);
  while (name.starts_with("./")) name.remove_prefix(2);
  return folder_of(from) + std::string(name);
}

/// The order that np.save records of the result: F only when it is not C as well, as arrays of one axis are.
Order recorded_order(const ManifestTree& tree, const ArrayView& view) {
  if (!tree.order) return memory_order(view);
  const Index itemsize = view.dtype.itemsize();
  const Strides strides = mapped_strides(view.shape, itemsize, *tree.order);
  return is_contiguous(view.shape, strides, itemsize, Order::c) ? Order::c : Order::f;
}

}  // namespace

std::string Item::called() const {
  if (!name.empty()) return printable_name(name);
  const std::string pointer = spot.where.text();
  return pointer.empty() ? "the root" : pointer;
}

std::string Item::prefix() const { return name.empty() ? "" : printable_name(name) + ": "; }

Label Item::label() const {
  return {{spot.where.text(), spot.at.line, spot.at.column}, from_glob ? prefix() : "", called()};
}

void Resolver::problem(const ManifestScope& scope, const Item& item, std::string message) {
  problems_.add(scope.shown_as, item.spot.where, item.spot.at, item.prefix() + std::move(message));
}

/// Takes the array of an expression that must stand for exactly one.
class SingleSink : public ArraySink {
 public:
  SingleSink(Resolver& resolver, const ManifestScope& scope, const Spot& spot)
      : resolver_(resolver), scope_(scope), spot_(spot), found_(std::make_unique<Found>()) {}

  void array(Found found, const Item&) override {
    if (++count_ == 1) *found_ = std::move(found);
  }
  void missing(const Item& item, GapFill) override {
    resolver_.problem(
        scope_, item,
        "missing, and it has no neighbours that could say what to fill; give it \"dtype\" and \"shape\"");
    failed_ = true;
  }
  void skipped() override {}
  void failed() override { failed_ = true; }

  std::unique_ptr<Found> take() {
    const Item item{spot_, "", false};
    if (count_ == 0 && !failed_) {
      resolver_.problem(scope_, item, "nothing is left: what stands here is missing and is to be skipped");
    } else if (count_ > 1) {
      resolver_.problem(scope_, item,
                        std::to_string(count_) +
                            " files match, but one array must stand here; put the pattern into a list: "
                            "{\"concatenate\": [...]}");
    }
    if (count_ != 1 || failed_) *found_ = Found();
    return std::move(found_);
  }

 private:
  Resolver& resolver_;
  const ManifestScope& scope_;
  const Spot& spot_;
  std::unique_ptr<Found> found_;
  std::size_t count_ = 0;
  bool failed_ = false;
};

/// Of an object with several verbs, nobody knows what it is; only the problems of each are wanted.
class NoSink : public ArraySink {
 public:
  void array(Found, const Item&) override {}
  void missing(const Item&, GapFill) override {}
  void skipped() override {}
  void failed() override {}
};

std::unique_ptr<Found> Resolver::single(ManifestScope& scope, const Expression& expression,
                                        const Spot& spot) {
  const auto sink = std::make_unique<SingleSink>(*this, scope, spot);  // on the heap: expressions nest deeply
  emit(scope, expression, spot, *sink);
  return sink->take();
}

void Resolver::emit(ManifestScope& scope, const Expression& expression, const Spot& spot, ArraySink& sink) {
  if (std::holds_alternative<SourceExpression>(expression.node)) {
    source(scope, expression, spot, sink);
  } else if (depth_ >= kDeepest) {
    problem(
        scope, {spot, ""},
        "expressions nested deeper than " + std::to_string(kDeepest) + " levels, nested manifests included");
    sink.failed();
  } else {
    ++depth_;
    const std::unique_ptr<Found> found = combination(scope, expression, spot);
    --depth_;
    hand_over(scope, expression, std::move(*found), {spot, ""}, sink);
  }
}

std::unique_ptr<Found> Resolver::combination(ManifestScope& scope, const Expression& expression,
                                             const Spot& spot) {
  if (const auto* const items = std::get_if<ListExpression>(&expression.node))
    return list(scope, *items, spot);
  if (const auto* const node = std::get_if<std::unique_ptr<BlockNode>>(&expression.node)) {
    return block(scope, **node, spot);
  }
  if (const auto* const full = std::get_if<std::unique_ptr<FullExpression>>(&expression.node)) {
    return full_array(scope, **full, spot);
  }
  if (const auto* const readings = std::get_if<std::vector<Expression>>(&expression.node)) {
    NoSink nowhere;
    for (const Expression& reading : *readings) emit(scope, reading, spot, nowhere);
  }
  return std::make_unique<Found>();
}

std::unique_ptr<Found> Resolver::full_array(const ManifestScope& scope, const FullExpression& full,
                                            const Spot& spot) {
  if (!full.shape || !full.dtype || !full.element)
    return std::make_unique<Found>(Outline{full.shape, full.dtype});
  const Item item{spot, ""};
  Result<ArrayView> made = full_view(*full.dtype, *full.shape, *full.element);
  if (made && count_array(scope, item, 1)) return std::make_unique<Found>(std::move(*made));
  if (!made) problem(scope, item, made.error().message);
  return std::make_unique<Found>();
}

void Resolver::hand_over(const ManifestScope& scope, const Expression& expression, Found&& found,
                         const Item& item, ArraySink& sink) {
  sink.array(modified(scope, std::move(found), expression.modifiers.get(), item), item);
}

bool Resolver::is_tail(const ManifestScope& scope, const Item& item) const {
  return scope.tree.append && open_.front() == &scope &&
         scope.path_of(item.name) == scope.path_of(scope.tree.append->value);
}

void Resolver::check_tail(const ManifestTree& tree, const std::string& shown_as) {
  if (!tree.append || (tails_met_ == 1 && !tail_is_manifest_)) return;
  const PointerChain root;
  const std::string name = printable_name(tree.append->value);
  problems_.add(shown_as, PointerChain(root, "append"), tree.append->at,
                tails_met_ == 0   ? name + " is none of the sources that this manifest names"
                : tails_met_ == 1 ? name + " is a manifest: only a file that holds an array can grow"
                                  : name + " stands in this manifest more than once");
}

Found Resolver::nested(const ManifestScope& scope, const Item& item) {
  if (is_tail(scope, item)) tail_is_manifest_ = true;
  const std::string path = scope.path_of(item.name);
  const ProbedText text = probe_.manifest(path, kLongestManifest);
  if (text.failure != ProbeFailure::none) {
    problem(scope, item, text.reason);
    return {};
  }
  const auto same = [&](const ManifestScope* open) { return open->identity == text.identity; };
  if (const auto first = std::find_if(open_.begin(), open_.end(), same); first != open_.end()) {
    std::string cycle = "a cycle: ";
    for (auto open = first; open != open_.end(); ++open) cycle += printable_name((*open)->shown_as) + " -> ";
    problem(scope, item,
            cycle + printable_name((*first)->shown_as) + "; a manifest cannot be a source of itself");
    return {};
  }
  if (open_.size() >= kMostOpenManifests) {
    problem(scope, item, "manifests nested deeper than " + std::to_string(kMostOpenManifests) + " levels");
    return {};
  }
  const std::string key = text.identity + '\0' + folder_of(path);
  auto done = done_.find(key);
  if (done == done_.end()) {
    const std::size_t arrays_before = arrays_;
    Done result;
    result.found = inside(text, path, shown_from(scope.shown_as, item.name));
    result.arrays = arrays_ - arrays_before;
    done = done_.emplace(key, std::move(result)).first;
  } else if (!count_array(scope, item, done->second.arrays)) {
    return {};
  }
  return done->second.found;
}

Found Resolver::inside(const ProbedText& text, const std::string& path, const std::string& shown_as) {
  const std::size_t problems_before = problems_.count();
  const std::optional<ManifestTree> tree = load(text, shown_as);
  if (!tree) return {};
  ManifestScope scope{shown_as, folder_of(path), text.identity, *tree, GlobFinder(probe_, folder_of(path))};
  const PointerChain root;
  const Spot spot{root, tree->root.at};
  open_.push_back(&scope);
  const std::unique_ptr<Found> found = single(scope, tree->root, spot);
  open_.pop_back();
  if (problems_.count() != problems_before || !found->view) return Found(std::move(found->outline));
  // As np.load gives the nested manifest's own virtual file.
  ArrayView& view = *found->view;
  view.numpy_strides = mapped_strides(view.shape, view.dtype.itemsize(), recorded_order(*tree, view));
  return std::move(*found);
}

std::optional<ManifestTree> Resolver::load(const ProbedText& text, const std::string& shown_as) {
  problems_.rank(shown_as);
  return read_manifest(text.text, shown_as, problems_);
}

Resolution Resolver::run(const std::string& path, const std::string& shown_as) {
  ProbedText text = probe_.manifest(path, kLongestManifest);
  if (text.failure != ProbeFailure::none) return {std::nullopt, {{shown_as, {}, text.reason}}};
  std::optional<ManifestTree> tree = load(text, shown_as);
  if (!tree) return {std::nullopt, std::move(problems_).take(shown_as)};
  text.text = std::string();  // the tree has all of it; large manifests need their memory for the sources
  std::unique_ptr<Found> found;
  {
    ManifestScope scope{shown_as, folder_of(path), text.identity, *tree, GlobFinder(probe_, folder_of(path))};
    const PointerChain root;
    const Spot spot{root, tree->root.at};
    open_.push_back(&scope);
    found = single(scope, tree->root, spot);
    open_.pop_back();
  }
  check_tail(*tree, shown_as);
  const bool shows_npy =
      std::find(tree->views.begin(), tree->views.end(), ViewKind::npy) != tree->views.end();
  if (found->outline.dtype && shows_npy) {
    const Shape shape = found->view ? found->view->shape : Shape();
    const Order order = found->view ? recorded_order(*tree, *found->view) : Order::c;
    const Result<std::string> header = write_numpy_header(*found->outline.dtype, shape, order);
    if (!header)
      problems_.add(shown_as, PointerChain(), tree->root.at,
                    "no .npy file can hold this array: " + header.error().message);
  }
  if (problems_.count() != 0 || !found->view) return {std::nullopt, std::move(problems_).take(shown_as)};
  ArrayView& view = *found->view;
  sources_.shrink_to_fit();
  const Order order = recorded_order(*tree, view);
  std::string absent_tail = tree->append && !tail_ ? tree->append->value : std::string();
  return {ResolvedManifest{.view = std::move(view),
                           .order = order,
                           .views = std::move(tree->views),
                           .access = tree->access,
                           .title = std::move(tree->title),
                           .description = std::move(tree->description),
                           .sources = std::move(sources_),
                           .tail = std::move(tail_),
                           .absent_tail = std::move(absent_tail)},
          {}};
}

Resolution resolve(const std::string& path, const std::string& shown_as, Probe& probe) {
  return Resolver(probe).run(path, shown_as);
}

}  // namespace ndcat
