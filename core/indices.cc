#include "core/indices.h"

namespace ndcat {

std::string to_string(std::span<const Index> values) {
  std::string text = "(";
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (i > 0) text += ", ";
    text += std::to_string(values[i]);
  }
  text += values.size() == 1 ? ",)" : ")";
  return text;
}

std::optional<Index> element_count(std::span<const Index> shape) {
  if (std::find(shape.begin(), shape.end(), Index{0}) != shape.end()) return 0;
  Index count = 1;
  for (const Index extent : shape) {
    const auto product = checked_multiply(count, extent);
    if (!product) return std::nullopt;
    count = *product;
  }
  return count;
}

}  // namespace ndcat
