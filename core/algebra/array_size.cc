#include "core/algebra/array_size.h"

#include <algorithm>

namespace ndcat {

Result<Index> array_size(const Dtype& dtype, const Shape& shape) {
  Index product = std::max<Index>(dtype.itemsize(), 1);
  bool empty = dtype.itemsize() == 0;
  for (const Index extent : shape) {
    if (extent < 0) return Error{"shape " + to_string(shape) + " has a negative extent"};
    if (extent == 0) empty = true;
    const auto grown = checked_multiply(product, std::max<Index>(extent, 1));
    if (!grown) {
      return Error{"shape " + to_string(shape) + " with " + std::to_string(dtype.itemsize()) +
                   " bytes an element is too big: its extents multiply to 2^63 bytes or more"};
    }
    product = *grown;
  }
  return empty ? 0 : product;
}

}  // namespace ndcat
