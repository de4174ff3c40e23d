// The typed syntax tree of a manifest: what its text says, nothing looked up yet. Every part knows its place
// in the text (lines and columns here; JSON pointers are put together by whoever walks the tree, see
// pointer_chain.h).
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "core/algebra/select.h"
#include "core/dtypes/dtype.h"
#include "core/indices.h"
#include "core/order.h"
#include "manifests/json/json_text.h"
#include "manifests/parse/view_kind.h"
#include "manifests/problem_list.h"

namespace ndcat {

/// A part of the language together with where it stands.
template <class T>
struct Placed {
  T value;
  TextPosition at;
};

/// One key of a description: not there, understood, or there but not to be understood, which has been
/// reported.
template <class T>
struct Part {
  std::optional<T> value;
  bool broken = false;

  [[nodiscard]] bool is_there() const { return value || broken; }
};

/// "dtype", "shape", "order", "offset": how to read a file without a header. What is not written is not
/// there.
struct RawDescription {
  Part<Dtype> dtype;
  Part<Shape> shape;  // at most one extent is -1: to be taken from the file's size
  Part<Order> order;
  Part<Index> offset;  // bytes, >= 0
  bool has_stray =
      false;  // there is a key besides that may have been meant for one of them, and has been reported

  [[nodiscard]] bool empty() const {
    return !dtype.is_there() && !shape.is_there() && !order.is_there() && !offset.is_there();
  }
};

/// "missing": what to do when a file is not there.
struct MissingRule {
  /// unknown: it was not to be understood, and has been reported.
  enum class Kind { error, skip, fill, unknown } kind = Kind::error;
  std::shared_ptr<const JsonValue>
      fill;  // Kind::fill: the value, its place included; read when the dtype is known
};

/// "select", "transpose", "astype", applied in this order.
struct Modifiers {
  std::optional<Placed<Selection>> select;
  std::string select_text;
  /// The permutation; no axes: "transpose": true.
  std::optional<Placed<std::optional<std::vector<Index>>>> transpose;
  std::optional<Placed<Dtype>> astype;
  /// What is there but was not to be understood, which has been reported.
  struct Broken {
    bool select = false, transpose = false, astype = false;
  } broken;
};

struct Expression;

/// "path" or "glob", or a string that stands for one of them.
struct SourceExpression {
  struct Options {
    RawDescription raw;
    MissingRule missing;
  };
  std::string name;
  bool is_glob = false;
  std::unique_ptr<const Options> options;  // null for a string
};

/// "concatenate" or "stack".
struct ListExpression {
  std::vector<Expression> items;
  TextPosition items_at, axis_at;
  std::optional<Index> axis = 0;  // nothing: it was not to be understood, and has been reported
  bool is_stack = false;
};

/// One node of the nested lists of "block".
struct BlockNode {
  std::unique_ptr<Expression> leaf;  // null: a list
  std::vector<BlockNode> list;
  TextPosition at;
};

/// What is not there was not to be understood, and has been reported.
struct FullExpression {
  std::optional<Dtype> dtype;
  std::optional<Shape> shape;
  std::optional<std::vector<std::byte>> element;
};

/// Whatever is wrong in its own object has been reported; its sources are looked up all the same, for the
/// problems that they have.
struct Expression {
  /// monostate: not even the verb could be made out. A vector: there are several verbs, each read for itself.
  std::variant<std::monostate, SourceExpression, ListExpression, std::unique_ptr<BlockNode>,
               std::unique_ptr<FullExpression>, std::vector<Expression>>
      node;
  std::unique_ptr<Modifiers> modifiers;  // null: none
  TextPosition at;
};

/// A whole manifest.
struct ManifestTree {
  Expression root;
  RawDescription defaults;
  std::optional<Order> order;  // nothing: "K"
  std::vector<ViewKind> views{ViewKind::npy, ViewKind::raw, ViewKind::json};
  Access access = Access::read;
  std::optional<Placed<std::string>> append;  // the name of the source that may grow
  std::string title, description;
};

}  // namespace ndcat
