#include "manifests/describe.h"

#include "manifests/json/json_text.h"
#include "manifests/words/dtype_text.h"

namespace ndcat {

std::string describe_array(const std::string& path, const Dtype& dtype, const Shape& shape, Order order,
                           Index offset) {
  std::string text =
      "{\"path\": " + json_string(path) + ", \"dtype\": " + dtype_to_json(dtype) + ", \"shape\": [";
  for (int axis = 0; axis < shape.size(); ++axis) {
    if (axis > 0) text += ", ";
    text += std::to_string(shape[axis]);
  }
  text += "], \"order\": \"";
  text += static_cast<char>(order);
  return text + "\", \"offset\": " + std::to_string(offset) + "}\n";
}

}  // namespace ndcat
