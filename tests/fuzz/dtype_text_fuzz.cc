// Any text as a dtype, in NumPy's words and in JSON: what is read can be written and reads back as the same.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>

#include "manifests/json/json_text.h"
#include "manifests/words/dtype_text.h"

namespace {

void check(const ndcat::Result<ndcat::Dtype>& dtype) {
  if (!dtype) {
    if (dtype.error().message.empty()) std::abort();
    return;
  }
  const ndcat::JsonText json = ndcat::parse_json(ndcat::dtype_to_json(*dtype), "dtype");
  if (!json.root) std::abort();
  const ndcat::Result<ndcat::Dtype> again = ndcat::parse_dtype(*json.root);
  if (!again || !(*again == *dtype)) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string text(reinterpret_cast<const char*>(data), size);
  check(ndcat::parse_dtype(std::string_view(text)));
  const ndcat::JsonText json = ndcat::parse_json(text, "dtype");
  if (json.root) check(ndcat::parse_dtype(*json.root));
  return 0;
}
