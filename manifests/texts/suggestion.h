// The nearest known word, for messages that end in `did you mean "axis"?`. Pure functions, thread-safe.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace ndcat {

/// The known word that `word` is most likely a slip of: at most a third of its letters (but one at least)
/// inserted, left out, replaced or swapped with its neighbour, upper and lower case being one. Of several the
/// first. Words longer than 64 bytes are no slips.
[[nodiscard]] std::optional<std::string_view> nearest_word(std::string_view word,
                                                           std::span<const std::string_view> known);

/// `; did you mean "axis"?`, or an empty text.
[[nodiscard]] std::string did_you_mean(std::string_view word, std::span<const std::string_view> known);

}  // namespace ndcat
