#include "fs/files/part_text.h"

namespace ndcat {

std::string part_text(const Piece& piece, const Shape& shape) {
  std::string text;
  int whole = 0;  // axes since the last one that is not taken whole: left out at the end, as in NumPy
  for (int axis = 0; axis < shape.size(); ++axis) {
    const Index begin = piece.origin[static_cast<std::size_t>(axis)];
    const Index extent = piece.extents[static_cast<std::size_t>(axis)];
    if (extent == shape[axis]) {
      ++whole;
      continue;
    }
    for (; whole > 0; --whole) text += ":, ";
    text += std::to_string(begin) + ":" + std::to_string(begin + extent) + ", ";
  }
  if (text.empty()) return "[...]";
  return "[" + text.substr(0, text.size() - 2) + "]";
}

}  // namespace ndcat
