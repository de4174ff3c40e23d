// Indices: up to 32 Index values, one per axis, held in place.
//
// Shapes, strides, origins and axis permutations are all Indices. The fixed capacity is NumPy's rank limit,
// so code that walks arrays never allocates.
#pragma once

#include <algorithm>
#include <array>
#include <cassert>
#include <initializer_list>
#include <span>
#include <string>

#include "core/index.h"

namespace ndcat {

/// The highest rank of any array, NumPy's own limit (NPY_MAXDIMS of NumPy 1.x).
inline constexpr int kMaxRank = 32;

/// A value type: copyable, comparable, no heap. Not thread-safe beyond what const gives.
class Indices {
 public:
  Indices() = default;
  Indices(std::initializer_list<Index> values)
      : Indices(std::span<const Index>(values.begin(), values.size())) {}
  explicit Indices(std::span<const Index> values) : size_(static_cast<int>(values.size())) {
    assert(values.size() <= kMaxRank);
    std::copy(values.begin(), values.end(), values_.begin());
  }
  /// `count` entries, each `value`. Precondition: 0 <= count <= kMaxRank.
  static Indices filled(int count, Index value) {
    Indices result;
    result.size_ = count;
    std::fill_n(result.values_.begin(), count, value);
    return result;
  }

  [[nodiscard]] int size() const { return size_; }
  [[nodiscard]] bool empty() const { return size_ == 0; }
  [[nodiscard]] bool full() const { return size_ == kMaxRank; }
  Index& operator[](int axis) { return values_[static_cast<std::size_t>(axis)]; }
  Index operator[](int axis) const { return values_[static_cast<std::size_t>(axis)]; }
  [[nodiscard]] Index back() const { return values_[static_cast<std::size_t>(size_ - 1)]; }

  /// Precondition: not full().
  void push_back(Index value) {
    assert(!full());
    values_[static_cast<std::size_t>(size_++)] = value;
  }
  /// Inserts before `axis`. Precondition: not full(), 0 <= axis <= size().
  void insert(int axis, Index value) {
    push_back(value);
    std::rotate(begin() + axis, end() - 1, end());
  }
  /// Precondition: 0 <= axis < size().
  void erase(int axis) {
    std::copy(begin() + axis + 1, end(), begin() + axis);
    --size_;
  }
  void clear() { size_ = 0; }
  void reverse() { std::reverse(begin(), end()); }

  Index* begin() { return values_.data(); }
  Index* end() { return values_.data() + size_; }
  [[nodiscard]] const Index* begin() const { return values_.data(); }
  [[nodiscard]] const Index* end() const { return values_.data() + size_; }

  friend bool operator==(const Indices& a, const Indices& b) {
    return std::equal(a.begin(), a.end(), b.begin(), b.end());
  }

 private:
  std::array<Index, kMaxRank> values_{};
  int size_ = 0;
};

/// Extents of an array, in elements, one per axis; rank 0 is a scalar with one element.
using Shape = Indices;
/// Distances between neighbours, in bytes (possibly negative or zero), one per axis.
using Strides = Indices;

/// As Python prints a tuple: "()", "(3,)", "(2, 3)".
[[nodiscard]] std::string to_string(std::span<const Index> values);

/// The number of elements, or nothing on overflow. Zero when any extent is zero, even where the others
/// overflow.
[[nodiscard]] std::optional<Index> element_count(std::span<const Index> shape);

}  // namespace ndcat
