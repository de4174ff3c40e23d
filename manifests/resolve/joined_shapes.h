// JoinedShapes: the shapes of the arrays that one list joins: which of them are odd, and what shape comes of
// them.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "core/algebra/misfits.h"
#include "manifests/resolve/agreement.h"

namespace ndcat {

class JoinedShapes {
 public:
  /// Takes an array that is odd, and why.
  using Odd = std::function<void(const Label&, std::string)>;
  /// `axis` as it is written, negative from the end; nothing: it is not known.
  JoinedShapes(Join join, std::optional<Index> axis, Odd odd);
  JoinedShapes(const JoinedShapes&) = delete;  // its parts refer to each other
  JoinedShapes& operator=(const JoinedShapes&) = delete;

  /// False when this shape, or one before it, keeps the list from being joined: it is odd, or none like it
  /// can be. Extents of -1 are not known.
  bool add(const Shape& shape, FunctionRef<Label()> label);
  /// Arrays of which nothing is known stand here, too.
  void add_unknown() { extent_ = -1; }
  /// Whether arrays of these shapes can stand in this list together.
  [[nodiscard]] bool fit(const Shape& a, const Shape& b) const { return !misfit(a, b, ""); }
  /// The end: after it all that is odd has been told.
  void finish();

  /// Whether any shape was added.
  [[nodiscard]] bool any() const { return !shapes_.empty() || !incomplete_.empty(); }
  /// After finish(): why nothing like what most of these are can be joined, with the array that shows it; and
  /// why it cannot be along this axis.
  struct Refusal {
    Label label;
    Error error;
  };
  [[nodiscard]] std::optional<Refusal> refusal() const;
  [[nodiscard]] std::optional<Error> axis_refusal() const;
  /// After finish(): what is known of the result's shape.
  [[nodiscard]] std::optional<Shape> shape() const;

 private:
  /// The axis of the result counted from the front, where it is known and arrays of this rank can have it.
  [[nodiscard]] std::optional<int> axis_for(const Shape& shape) const;
  [[nodiscard]] std::optional<Error> misfit(const Shape& shape, const Shape& like,
                                            const std::string& named) const;
  void count(const Shape& shape, FunctionRef<Label()> label);

  Join join_;
  std::optional<Index> axis_;
  Odd odd_;
  Agreement<Shape> shapes_;
  std::vector<Agreement<Shape>::Entry> incomplete_;  // compared at the end, when it is clear with what
  Index extent_ = 0;                                 // of the result along the axis; -1: not known
};

}  // namespace ndcat
