// Any bytes as an index of headers: what is read is written again as the same bytes.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>

#include "fs/files/header_index.h"

namespace {

void require_same(const std::string& bytes) {
  const auto index = ndcat::HeaderIndex::parse(bytes);
  if (index && index->serialize() != bytes) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string text(reinterpret_cast<const char*>(data), size);
  require_same(text);
  require_same(ndcat::HeaderIndex::seal(text));
  return 0;
}
