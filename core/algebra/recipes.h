// RecipeCollector: the casts and fill values of many views, merged while they are concatenated.
//
// Equal ones are kept once, so that 100 000 sources of a few dtypes, or 100 000 missing ones, cost a number
// each. Not thread-safe.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <unordered_map>
#include <vector>

#include "core/algebra/array_view.h"

namespace ndcat {

class RecipeCollector {
 public:
  /// Where the recipes of one view now are: entry i is what its recipe i has become.
  struct Renumbering {
    std::vector<std::uint32_t> casts, fills;
    /// True when no number has changed.
    [[nodiscard]] bool is_identity() const;
  };

  /// Takes over the recipes of `view`. The elements of fills are bytes in view.dtype.
  Renumbering add(const ArrayView& view);

  /// Sets casts and fills of `result` so that all of them end in result.dtype. Error: no such cast, or a fill
  /// value that cannot be converted.
  std::optional<Error> finish(ArrayView& result) &&;

 private:
  struct Fill {
    Dtype dtype;
    std::vector<std::byte> element;
    friend bool operator==(const Fill&, const Fill&) = default;
  };
  using Index32 = std::unordered_multimap<std::size_t, std::uint32_t>;  // by hash

  std::vector<std::vector<Dtype>> casts_;
  std::vector<Fill> fills_;
  Index32 casts_by_hash_, fills_by_hash_;
};

/// Converts the fill values of `fills` in place. Error: no such cast, or a value that cannot be converted.
std::optional<Error> convert_fills(std::vector<std::vector<std::byte>>& fills, const Dtype& from,
                                   const Dtype& to);

}  // namespace ndcat
