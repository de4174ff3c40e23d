#include "core/layout/range_boxes.h"

#include <algorithm>

namespace ndcat {

bool for_each_box(const Shape& shape, Index begin, Index end,
                  FunctionRef<bool(const Indices& origin, const Indices& extents)> visit) {
  const int rank = shape.size();
  // Elements per step along each axis.
  Indices steps = Indices::filled(rank, 1);
  for (int axis = rank - 2; axis >= 0; --axis) steps[axis] = steps[axis + 1] * shape[axis + 1];

  while (begin < end) {
    // The outermost axis along which a whole step can be made from here.
    int along = 0;
    while (along < rank && (begin % steps[along] != 0 || steps[along] > end - begin)) ++along;
    Indices origin = Indices::filled(rank, 0);
    Indices extents = Indices::filled(rank, 1);
    Index rest = begin, elements = 1;
    for (int axis = 0; axis < rank; ++axis) {
      origin[axis] = rest / steps[axis];
      rest %= steps[axis];
      if (axis > along) extents[axis] = shape[axis];
    }
    if (along < rank) {
      extents[along] = std::min((end - begin) / steps[along], shape[along] - origin[along]);
      elements = extents[along] * steps[along];
    }
    if (!visit(origin, extents)) return false;
    begin += elements;
  }
  return true;
}

}  // namespace ndcat
