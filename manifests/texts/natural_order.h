// The order in which people number files: "part-2" before "part-10".
#pragma once

#include <compare>
#include <string_view>

namespace ndcat {

/// Compares run by run: digits by the number they write, however long; all other bytes one by one. Names that
/// differ in leading zeros only are compared as bytes, so "007" comes before "07" before "7", and only equal
/// names are equal: a total order, the same on every machine and in every locale.
[[nodiscard]] std::strong_ordering natural_compare(std::string_view a, std::string_view b);

/// For std::sort.
[[nodiscard]] inline bool natural_less(std::string_view a, std::string_view b) {
  return natural_compare(a, b) < 0;
}

}  // namespace ndcat
