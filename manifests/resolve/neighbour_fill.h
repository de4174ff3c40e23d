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

/// Fed with a list from front to back. A missing source waits for the next one that is there: the nearest
/// before and the nearest after must agree in shape and dtype, for whatever is filled is these.
class NeighbourFill {
 public:
  /// Takes a filled array; takes a problem.
  struct Out {
    std::function<void(ArrayView)> accept;
    std::function<void(Problem)> report;  // without the file's name
  };
  explicit NeighbourFill(Out out) : out_(std::move(out)) {}

  void missing(const Item& item, GapFill fill);
  /// Before `view` is taken: fills what is missing in front of it.
  void before(const ArrayView& view, const Item& item);
  /// A neighbour exists but could not be read, so nothing can be said of the gaps beside it.
  void unknown();
  /// The end of the list.
  void finish();

 private:
  struct Gap {
    Place place;
    std::string prefix;  // of messages about it
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
