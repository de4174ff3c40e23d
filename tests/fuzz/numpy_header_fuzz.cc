// Any bytes as a .npy file: what is read can be written, and what was written reads back as the same.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>

#include "manifests/numpy_header.h"
#include "manifests/python/python_literal.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string bytes(reinterpret_cast<const char*>(data), size);
  // The literals alone too, so that no length has to be guessed right first.
  (void)ndcat::parse_python_literal(bytes, ndcat::TextEncoding::utf8);
  (void)ndcat::parse_python_literal(bytes, ndcat::TextEncoding::latin1);

  const ndcat::Result<ndcat::Index> length =
      ndcat::numpy_header_length(std::string_view(bytes).substr(0, 12));
  const ndcat::Result<ndcat::NumpyHeader> header = ndcat::parse_numpy_header(bytes);
  if (!header) {
    if (header.error().message.empty()) std::abort();
    return 0;
  }
  if (!length || *length != header->length || *length > static_cast<ndcat::Index>(size)) std::abort();
  const ndcat::Result<std::string> written =
      ndcat::write_numpy_header(header->dtype, header->shape, header->order);
  if (!written || written->size() % 64 != 0)
    std::abort();  // no header can say overlaps, so writing cannot fail
  const ndcat::Result<ndcat::NumpyHeader> again = ndcat::parse_numpy_header(*written);
  if (!again || !(again->dtype == header->dtype) || !(again->shape == header->shape) ||
      again->order != header->order || again->length != static_cast<ndcat::Index>(written->size())) {
    std::abort();
  }
  return 0;
}
