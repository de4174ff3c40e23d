// JoinedDtypes: the dtypes of the arrays that one list joins: which of them have none in common with the
// others.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "core/dtypes/promotion.h"
#include "manifests/resolve/agreement.h"

namespace ndcat {

class JoinedDtypes {
 public:
  /// Takes an array that is odd, and why.
  using Odd = std::function<void(const Label&, std::string)>;
  explicit JoinedDtypes(Odd odd);
  JoinedDtypes(const JoinedDtypes&) = delete;  // its parts refer to each other
  JoinedDtypes& operator=(const JoinedDtypes&) = delete;

  void add(const Dtype& dtype, FunctionRef<Label()> label);
  /// The dtype of an array is not known.
  void add_unknown() { is_known_ = false; }

  /// The end. The dtype of the result; nothing: it is not known, or there is none and each odd array has been
  /// told. Error: there is none, and no single array is to blame.
  [[nodiscard]] Result<std::optional<Dtype>> finish();

 private:
  Odd odd_;
  DtypePromotion promotion_;
  Agreement<Dtype> dtypes_;
  std::optional<Dtype> last_agreed_;  // most often equal to the next
  /// Kept until the end: what no two share, all together may still have a dtype.
  std::vector<std::pair<Label, std::string>> odd_ones_;
  std::size_t count_ = 0;
  bool is_known_ = true;
};

}  // namespace ndcat
