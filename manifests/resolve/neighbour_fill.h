// NeighbourFill: the sources of one list that are missing and are to be filled with what their neighbours
// look like.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/algebra/array_view.h"
#include "manifests/resolve/array_sink.h"

namespace ndcat {

/// The label of a mistake in `value`, the "fill" of the missing source that `source` stands for.
[[nodiscard]] Label fill_label(const Label& source, const JsonValue& value, const JsonValue& mistake);

/// Fed with a list from front to back. A missing source waits for the next one that is there: the nearest
/// before and the nearest after must agree in shape and dtype, for whatever is filled is these.
class NeighbourFill {
 public:
  /// Takes a filled array with its place; takes a problem of a place; tells whether neighbours of these
  /// shapes can stand in one list at all.
  struct Out {
    std::function<void(ArrayView, const Label&)> accept;
    std::function<void(const Label&, std::string)> report;
    std::function<bool(const Shape&, const Shape&)> fit;
  };
  explicit NeighbourFill(Out out) : out_(std::move(out)) {}

  void missing(const Item& item, GapFill fill);
  /// Before an array is taken: fills what is missing in front of it. Of one that is not known well enough,
  /// nothing is filled in; the gaps beside it are then held against their other neighbour alone.
  void before(const Outline& next, const Item& item);
  /// Nobody knows what stands here.
  void unknown();
  /// The end of the list.
  void finish();

 private:
  struct Gap {
    Label label;
    GapFill fill;
  };
  struct Neighbour {
    Dtype dtype;
    Shape shape;
    std::string called;  // in messages
  };
  void fill(const Neighbour& like);

  Out out_;
  std::vector<Gap> gaps_;
  std::unique_ptr<Neighbour> last_;
  bool last_unknown_ = false;
};

}  // namespace ndcat
