#include "manifests/parse/pointer_chain.h"

#include <vector>

namespace ndcat {
namespace {

/// RFC 6901: "~" is written "~0" and "/" is written "~1".
void append_step(std::string& pointer, std::string_view key) {
  pointer += '/';
  for (const char c : key) {
    if (c == '~') {
      pointer += "~0";
    } else if (c == '/') {
      pointer += "~1";
    } else {
      pointer += c;
    }
  }
}

void append_step(std::string& pointer, std::size_t index) { append_step(pointer, std::to_string(index)); }

}  // namespace

std::string PointerChain::text() const {
  std::vector<const PointerChain*> links;
  for (const PointerChain* link = this; link->parent_ != nullptr; link = link->parent_) links.push_back(link);
  std::string pointer;
  for (auto link = links.rbegin(); link != links.rend(); ++link) {
    std::visit([&pointer](auto step) { append_step(pointer, step); }, (*link)->step_);
  }
  return pointer;
}

}  // namespace ndcat
