// ArraySink: what takes the arrays that one expression stands for. A glob stands for many, a skipped source
// for none, so expressions hand their arrays over one by one instead of returning them.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "manifests/json/json_text.h"
#include "manifests/parse/pointer_chain.h"
#include "manifests/problem_list.h"
#include "manifests/resolve/found.h"
#include "manifests/resolve/source_table.h"

namespace ndcat {

/// A list of sources; its entry in the source table is made when the first source needs it.
struct ListSpot {
  const PointerChain& where;
  std::optional<SourceTable::Origin> origin;
};

/// Where an expression stands in its manifest.
struct Spot {
  const PointerChain& where;
  TextPosition at;
  ListSpot* list = nullptr;  // null: it stands alone
  std::uint32_t index = SourceTable::kNoIndex;
};

/// What messages that come later call an array, and where they point.
struct Label {
  Place place;
  std::string prefix;  // what its own problems begin with
  std::string called;  // how other problems call it
};

/// One array, as messages speak of it.
struct Item {
  const Spot& spot;
  std::string_view name;  // of the file; empty: a combination of several
  bool from_glob = false;

  /// How other problems call it: "part-3.npy", or its pointer.
  [[nodiscard]] std::string called() const;
  /// What its own problems begin with: its place shows which one it is, unless a glob stands there.
  [[nodiscard]] std::string prefix() const;
  /// For problems that compare it with others.
  [[nodiscard]] Label label() const;
};

/// A source that is not there and is to be filled like its neighbours.
struct GapFill {
  std::shared_ptr<const JsonValue> value;
  /// What the source says of its own dtype, modifiers included; its neighbours must not say otherwise.
  std::optional<Dtype> own_dtype;
};

class ArraySink {
 public:
  virtual ~ArraySink() = default;
  /// An array, or what is known of one about which a problem has been reported.
  virtual void array(Found found, const Item& item) = 0;
  /// A source that is not there; its neighbours say what shape and dtype to fill.
  virtual void missing(const Item& item, GapFill fill) = 0;
  /// A source that is not there and is to be left out.
  virtual void skipped() = 0;
  /// Nobody knows which arrays would stand here; the problem has been reported.
  virtual void failed() = 0;
};

}  // namespace ndcat
