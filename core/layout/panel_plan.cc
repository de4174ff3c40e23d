#include "core/layout/panel_plan.h"

#include <algorithm>
#include <array>
#include <cstdlib>

#include "core/algebra/numpy_strides.h"

namespace ndcat {

namespace {

constexpr Index kCacheLine = 64;
/// What the kernel asks for at once when it reads ahead, unless it was told otherwise.
constexpr Index kRequest = Index{128} << 10;
/// Runs of this length come from memory about as fast as any.
constexpr Index kGoodRun = 256;
constexpr Index kShortestRun = 32;
/// Big enough for good runs in rows of 128 KiB, small enough to stay in the processor's caches.
constexpr Index kGoodPanel = Index{4} << 20;
/// Panels that pay for one byte in so many cost the others less than they gain.
constexpr Index kWorthwhileShare = 4;

/// The file's axes, outermost first.
struct FileAxes {
  AxisSequence axes;
  Strides steps;  // bytes of the file per step along each axis of the view

  explicit FileAxes(const FileLayout& layout)
      : axes(layout.view().shape.size(), layout.order() == Order::f),
        steps(mapped_strides(layout.view().shape, layout.view().dtype.itemsize(), layout.order())) {}
  [[nodiscard]] int rank() const { return steps.size(); }
  [[nodiscard]] Index step(int position) const { return steps[axes[position]]; }
};

/// The length of a panel whose runs go along `position`, or of any, where nothing limits it but `longest`.
Index good_panel(const FileAxes& file, int position, Index itemsize, Index longest) {
  const Index rows = std::max<Index>(kGoodRun / itemsize, 1);
  const Index step = file.step(position);
  return std::min(longest, step > longest / rows ? longest : std::max(kGoodPanel, rows * step));
}

/// The position of the file's axis along which the lines of `piece` run across the file's rows; nothing where
/// they run along them, where whole cache lines are found along them anyway, or where they run so sparsely
/// that neighbours along them share none.
std::optional<int> position_across(const Piece& piece, const FileAxes& file, Index itemsize) {
  const auto extent = [&](int position) {
    return piece.extents[static_cast<std::size_t>(file.axes[position])];
  };
  const auto stride = [&](int position) {
    return std::abs(piece.strides[static_cast<std::size_t>(file.axes[position])]);
  };
  int inner = file.rank() - 1;
  Index run = itemsize;
  while (inner >= 0 && (extent(inner) == 1 || stride(inner) == run)) run *= extent(inner--);
  if (inner < 0 || run >= kCacheLine) return std::nullopt;
  int across = inner;
  for (int position = inner - 1; position >= 0; --position) {
    if (extent(position) > 1 && stride(position) < stride(across)) across = position;
  }
  if (across == inner || stride(across) >= kCacheLine) return std::nullopt;
  return across;
}

/// True when a panel finds longer runs along `position` than a request does.
bool gains(const Piece& piece, const FileAxes& file, int position, Index panel) {
  const auto axis = static_cast<std::size_t>(file.axes[position]);
  const auto run_within = [&](Index bytes) {
    const Index rows = std::clamp<Index>(bytes / file.step(position), 1, piece.extents[axis]);
    return rows * std::abs(piece.strides[axis]);
  };
  const Index in_request = run_within(kRequest), in_panel = run_within(panel);
  return in_request < kGoodRun && in_panel >= kShortestRun && in_panel / 2 >= in_request;
}

}  // namespace

std::optional<PanelPlan> PanelPlan::where_it_pays(const FileLayout& layout, Index longest) {
  const ArrayView& view = layout.view();
  const FileAxes file(layout);
  std::array<Index, kMaxRank> gained{};  // bytes, by position
  for (std::size_t i = 0; i < view.pieces.size(); ++i) {
    const Piece piece = view.pieces[i];
    if (piece.is_fill()) continue;
    const Index itemsize = view.casts[piece.recipe].front().itemsize();
    const std::optional<int> across = position_across(piece, file, itemsize);
    if (!across || file.step(*across) > longest) continue;
    if (!gains(piece, file, *across, good_panel(file, *across, itemsize, longest))) continue;
    gained[static_cast<std::size_t>(*across)] += *element_count(piece.extents) * view.dtype.itemsize();
  }
  const auto most = std::max_element(gained.begin(), gained.end());
  if (*most == 0 || *most < layout.size() / kWorthwhileShare) return std::nullopt;
  const int position = static_cast<int>(most - gained.begin());
  return cut(layout, good_panel(file, position, view.dtype.itemsize(), longest));
}

std::optional<PanelPlan> PanelPlan::wherever_possible(const FileLayout& layout, Index longest) {
  constexpr Index kSeveral = 4;
  const Index some = std::max(layout.size() / kSeveral, layout.view().dtype.itemsize());
  return cut(layout, std::min({longest, kGoodPanel, some}));
}

/// Panels of at most `longest` bytes, in whole steps of the outermost axis of which one step fits.
std::optional<PanelPlan> PanelPlan::cut(const FileLayout& layout, Index longest) {
  if (layout.size() == 0) return std::nullopt;
  const Index itemsize = layout.view().dtype.itemsize();
  const FileAxes file(layout);
  Index band = layout.size(), step = itemsize;
  for (int position = 0; position < file.rank(); ++position) {
    step = file.step(position);
    if (step <= longest) break;
    band = step;
  }
  if (step > longest) return std::nullopt;
  const Index steps = band / step, most = longest / step;
  const Index panels = (steps + most - 1) / most;
  // Equally long, so that no panel is a small rest; and whole cache lines of the sources where that fits.
  Index rows = (steps + panels - 1) / panels;
  const Index line = std::max<Index>(kCacheLine / itemsize, 1);
  const Index rounded = std::min((rows + line - 1) / line, most / line) * line;
  if (rounded > 0) rows = std::min(rounded, steps);
  return PanelPlan(band, rows * step);
}

ByteRange PanelPlan::panel_at(VirtualOffset offset) const {
  const Index within = static_cast<Index>(offset) % band_;
  const Index begin = within / panel_ * panel_;
  return {.begin = VirtualOffset{static_cast<Index>(offset) - within + begin},
          .length = std::min(panel_, band_ - begin)};
}

}  // namespace ndcat
