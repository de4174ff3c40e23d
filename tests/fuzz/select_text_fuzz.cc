// Any text as a selection: what is read can be printed and reads back as the same.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>

#include "manifests/words/select_text.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string text(reinterpret_cast<const char*>(data), size);
  const ndcat::Result<ndcat::Selection> selection = ndcat::parse_selection(text);
  if (!selection) {
    if (selection.error().message.empty()) std::abort();
    return 0;
  }
  const ndcat::Result<ndcat::Selection> again = ndcat::parse_selection(ndcat::to_string(*selection));
  if (!again || *again != *selection) std::abort();
  return 0;
}
