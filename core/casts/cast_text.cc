// Text to text: S and U of other widths, byte orders and kinds.
#include <algorithm>

#include "core/casts/byte_swap.h"
#include "core/casts/cast_program.h"

namespace ndcat {
namespace {

std::uint32_t load_character(const std::byte* from, bool swap) {
  std::uint32_t character = 0;
  std::memcpy(&character, from, 4);
  return swap ? swapped(character) : character;
}

// U to U: the first characters, or all of them and zeros. The characters themselves are not looked at.
bool resize_unicode(const Program& program, std::byte* to, Index to_stride, const std::byte* from,
                    Index from_stride, Index count) {
  const Index kept = std::min(program.from_size, program.to_size);
  const auto padding = static_cast<std::size_t>(program.to_size - kept);
  for (Index i = 0; i < count; ++i) {
    std::byte* const item = to + i * to_stride;
    const std::byte* const characters = from + i * from_stride;
    if (program.swap_from == program.swap_to) {
      std::memcpy(item, characters, static_cast<std::size_t>(kept));
    } else {
      for (Index at = 0; at < kept; at += 4) store_swapped<4>(item + at, characters + at);
    }
    std::memset(item + kept, 0, padding);
  }
  return true;
}

// S to U. All of the bytes must be ASCII, those beyond the target's width too, as NumPy decodes before it
// cuts.
bool decode_ascii(const Program& program, std::byte* to, Index to_stride, const std::byte* from,
                  Index from_stride, Index count) {
  const Index width = program.to_size / 4;
  const Index kept = std::min(program.from_size, width);
  for (Index i = 0; i < count; ++i) {
    const std::byte* const bytes = from + i * from_stride;
    std::byte seen{};
    for (Index at = 0; at < program.from_size; ++at) seen |= bytes[at];
    if (seen > std::byte{0x7F}) return false;
    std::byte* const item = to + i * to_stride;
    for (Index at = 0; at < width; ++at) {
      auto character = at < kept ? static_cast<std::uint32_t>(bytes[at]) : 0;
      if (program.swap_to) character = swapped(character);
      std::memcpy(item + 4 * at, &character, 4);
    }
  }
  return true;
}

// U to S. All of the characters must be ASCII.
bool encode_ascii(const Program& program, std::byte* to, Index to_stride, const std::byte* from,
                  Index from_stride, Index count) {
  const Index width = program.from_size / 4;
  const Index kept = std::min(width, program.to_size);
  for (Index i = 0; i < count; ++i) {
    const std::byte* const characters = from + i * from_stride;
    std::byte* const item = to + i * to_stride;
    std::uint32_t seen = 0;
    for (Index at = 0; at < width; ++at) {
      const std::uint32_t character = load_character(characters + 4 * at, program.swap_from);
      seen |= character;
      if (at < kept) item[at] = static_cast<std::byte>(character);
    }
    if (seen > 0x7F) return false;
    std::memset(item + kept, 0, static_cast<std::size_t>(program.to_size - kept));
  }
  return true;
}

}  // namespace

ProgramPtr compile_text(const Dtype& from, const Dtype& to) {
  if (from.kind() == Kind::bytes && to.kind() == Kind::bytes)
    return compile_resize(from.itemsize(), to.itemsize());
  Program program;
  program.from_size = from.itemsize();
  program.to_size = to.itemsize();
  program.swap_from = !from.is_native();
  program.swap_to = !to.is_native();
  program.kernel = from.kind() == to.kind()     ? resize_unicode
                   : to.kind() == Kind::unicode ? decode_ascii
                                                : encode_ascii;
  program.can_fail = from.kind() != to.kind();
  return std::make_shared<const Program>(std::move(program));
}

}  // namespace ndcat
