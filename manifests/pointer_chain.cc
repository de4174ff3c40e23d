#include "manifests/pointer_chain.h"

#include <vector>

#include "manifests/json_text.h"

namespace ndcat {

std::string PointerChain::text() const {
  std::vector<const PointerChain*> links;
  for (const PointerChain* link = this; link->parent_ != nullptr; link = link->parent_) links.push_back(link);
  std::string pointer;
  for (auto link = links.rbegin(); link != links.rend(); ++link) {
    pointer = std::visit([&pointer](auto step) { return pointer_to(pointer, step); }, (*link)->step_);
  }
  return pointer;
}

}  // namespace ndcat
