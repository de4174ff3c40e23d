#include "manifests/texts/printable.h"

#include <optional>

#include "manifests/texts/utf8.h"

namespace ndcat {

std::string printable_name(std::string_view name) {
  constexpr char kDigits[] = "0123456789abcdef";
  std::string result;
  for (std::size_t at = 0; at < name.size();) {
    const std::optional<CodePoint> next = decode_utf8(name, at);
    const bool shows = next && next->value >= 0x20 && !(next->value >= 0x7F && next->value < 0xA0);
    const std::size_t length = next ? next->length : 1;
    for (std::size_t i = 0; i < length; ++i, ++at) {
      const auto byte = static_cast<unsigned char>(name[at]);
      if (shows) {
        result += name[at];
      } else {
        result += {'\\', 'x', kDigits[byte >> 4U], kDigits[byte & 15U]};
      }
    }
  }
  return result;
}

}  // namespace ndcat
