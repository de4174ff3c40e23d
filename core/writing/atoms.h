// Atoms: which bytes of an array's file belong together, since whoever uses the array reads and writes them
// whole.
#pragma once

#include <bit>

#include "core/dtypes/dtype.h"

namespace ndcat {

/// An atom is a number or a text, by itself or in a field; each byte of padding and of void elements is one
/// of its own. Immutable.
class Atoms {
 public:
  /// `dtype` outlives it.
  explicit Atoms(const Dtype& dtype);

  /// Where the atom ends that byte `at` of the array lies in. Precondition: at >= 0, and elements have bytes.
  [[nodiscard]] Index end_of(Index at) const {
    if (is_power_of_two_) return (at | (size_ - 1)) + 1;
    return within_element(at);
  }

 private:
  [[nodiscard]] Index within_element(Index at) const;

  const Dtype* dtype_;
  Index size_;  // of all atoms; 0: they differ
  bool is_power_of_two_;
};

}  // namespace ndcat
