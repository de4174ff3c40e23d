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

/// "dtype", "shape", "order", "offset": how to read a file without a header. What is not written is not
/// there.
struct RawDescription {
  std::optional<Placed<Dtype>> dtype;
  std::optional<Placed<Shape>> shape;  // at most one extent is -1: to be taken from the file's size
  std::optional<Placed<Order>> order;
  std::optional<Placed<Index>> offset;  // bytes, >= 0
  bool broken = false;                  // a part of it was not to be understood, and has been reported

  [[nodiscard]] bool empty() const { return !dtype && !shape && !order && !offset; }
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
  Index axis = 0;
  bool is_stack = false;
};

/// One node of the nested lists of "block".
struct BlockNode {
  std::unique_ptr<Expression> leaf;  // null: a list
  std::vector<BlockNode> list;
  TextPosition at;
};

struct FullExpression {
  Dtype dtype;
  Shape shape;
  std::vector<std::byte> element;
};

struct Expression {
  /// monostate: not even the verb could be made out.
  std::variant<std::monostate, SourceExpression, ListExpression, std::unique_ptr<BlockNode>,
               std::unique_ptr<FullExpression>>
      node;
  std::unique_ptr<Modifiers> modifiers;  // null: none
  TextPosition at;
  /// Something in this object itself is wrong and has been reported: what it means as an array is unknown.
  /// Its sources are looked up all the same, for the problems that they have.
  bool broken = false;
};

/// A whole manifest.
struct ManifestTree {
  Expression root;
  RawDescription defaults;
  std::optional<Order> order;  // nothing: "K"
  std::vector<ViewKind> views{ViewKind::npy, ViewKind::raw, ViewKind::json};
  Access access = Access::read;
  std::string title, description;
};

}  // namespace ndcat
