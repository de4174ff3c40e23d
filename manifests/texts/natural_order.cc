#include "manifests/texts/natural_order.h"

#include <algorithm>

namespace ndcat {
namespace {

constexpr std::string_view kDigits = "0123456789";

/// Cuts the run of digits off the front of `text` and returns it without its leading zeros.
std::string_view take_number(std::string_view& text) {
  const std::string_view run = text.substr(0, std::min(text.find_first_not_of(kDigits), text.size()));
  text.remove_prefix(run.size());
  return run.substr(std::min(run.find_first_not_of('0'), run.size()));
}

bool starts_with_digit(std::string_view text) { return kDigits.find(text.front()) != std::string_view::npos; }

}  // namespace

std::strong_ordering natural_compare(std::string_view a, std::string_view b) {
  const std::string_view whole_a = a;
  const std::string_view whole_b = b;
  while (!a.empty() && !b.empty()) {
    if (starts_with_digit(a) && starts_with_digit(b)) {
      const std::string_view number_a = take_number(a);
      const std::string_view number_b = take_number(b);
      if (number_a.size() != number_b.size()) return number_a.size() <=> number_b.size();
      if (number_a != number_b) return number_a <=> number_b;
    } else {
      const auto byte_a = static_cast<unsigned char>(a.front());
      const auto byte_b = static_cast<unsigned char>(b.front());
      if (byte_a != byte_b) return byte_a <=> byte_b;
      a.remove_prefix(1);
      b.remove_prefix(1);
    }
  }
  if (a.empty() != b.empty()) return a.empty() ? std::strong_ordering::less : std::strong_ordering::greater;
  return whole_a <=> whole_b;
}

}  // namespace ndcat
