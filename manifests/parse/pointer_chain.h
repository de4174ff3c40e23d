// PointerChain: a JSON pointer that grows on the stack while a tree is walked. Nothing is allocated until a
// problem or a place must be told. A link refers to its parent, which must outlive it.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <variant>

namespace ndcat {

class PointerChain {
 public:
  /// The root, "".
  PointerChain() = default;
  PointerChain(const PointerChain& parent, std::string_view key) : parent_(&parent), step_(key) {}
  PointerChain(const PointerChain& parent, std::size_t index) : parent_(&parent), step_(index) {}
  PointerChain(const PointerChain&) = delete;  // a copy would look like a child
  PointerChain& operator=(const PointerChain&) = delete;

  /// "/concatenate/2", members escaped as RFC 6901 asks.
  [[nodiscard]] std::string text() const;

 private:
  const PointerChain* parent_ = nullptr;
  std::variant<std::string_view, std::size_t> step_;
};

}  // namespace ndcat
