// Result<T>: a value or an Error. Errors are values here; ndcat throws nothing of its own.
#pragma once

#include <string>
#include <utility>
#include <variant>

namespace ndcat {

/// What went wrong, in words for a person: what was found, what was expected, what to do. It does not say
/// where; the caller who knows the file and the place in it adds that.
struct Error {
  std::string message;
};

/// Exactly one of a T and an Error. Precondition of value(): ok(); of error(): !ok().
template <class T>
class [[nodiscard]] Result {
 public:
  Result(T value) : state_(std::in_place_index<0>, std::move(value)) {}      // NOLINT: return value;
  Result(Error error) : state_(std::in_place_index<1>, std::move(error)) {}  // NOLINT: return Error{...};

  [[nodiscard]] bool ok() const { return state_.index() == 0; }
  explicit operator bool() const { return ok(); }
  [[nodiscard]] T& value() & { return *std::get_if<0>(&state_); }
  [[nodiscard]] const T& value() const& { return *std::get_if<0>(&state_); }
  [[nodiscard]] T&& value() && { return std::move(*std::get_if<0>(&state_)); }
  T& operator*() & { return value(); }
  const T& operator*() const& { return value(); }
  T&& operator*() && { return std::move(*this).value(); }
  T* operator->() { return &value(); }
  const T* operator->() const { return &value(); }
  [[nodiscard]] const Error& error() const { return *std::get_if<1>(&state_); }

 private:
  std::variant<T, Error> state_;
};

}  // namespace ndcat
