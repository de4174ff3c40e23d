// PanelPlan: how a virtual file is cut into panels, bands of consecutive rows that are gathered whole.
//
// Where the lines of the sources run across the rows of the file (F-ordered sources shown in C order, say), a
// read of a few rows touches a few bytes of each of very many lines, and the next read touches the bytes
// beside them. A panel has so many rows that the runs along the lines are worth their way to memory. Panels
// lie side by side from the first byte of the array to its last; all but those at the end of a step of the
// axis outside are equally long. Pure; a value type.
#pragma once

#include <optional>

#include "core/layout/file_layout.h"

namespace ndcat {

class PanelPlan {
 public:
  /// Panels of at most `longest` bytes, where reading in order gains by them: a good part of the file comes
  /// from lines that run across its rows, a request meets only short runs of them, and a panel longer ones.
  static std::optional<PanelPlan> where_it_pays(const FileLayout& layout, Index longest);
  /// Panels of any layout that has bytes, several where that is possible, each of at most `longest` bytes: for
  /// tests. Nothing only where not even one element fits.
  static std::optional<PanelPlan> wherever_possible(const FileLayout& layout, Index longest);

  /// The panel that holds the byte at `offset`. Precondition: it lies within the layout.
  [[nodiscard]] ByteRange panel_at(VirtualOffset offset) const;
  /// Bytes of the longest panel.
  [[nodiscard]] Index longest() const { return panel_; }

 private:
  PanelPlan(Index band, Index panel) : band_(band), panel_(panel) {}
  static std::optional<PanelPlan> cut(const FileLayout& layout, Index longest);

  Index band_;   // bytes that are cut into panels: one step of the axis outside, or the file
  Index panel_;  // bytes of a panel
};

}  // namespace ndcat
