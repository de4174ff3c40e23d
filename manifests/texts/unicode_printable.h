// Which characters Python's repr() prints as they are.
#pragma once

namespace ndcat {

/// str.isprintable() of one character in Python 3.11 (Unicode 14.0): everything but the categories Other (Cc,
/// Cf, Cs, Co, Cn) and Separator (Zl, Zp, Zs), the space excepted.
[[nodiscard]] bool is_printable(char32_t code_point);

}  // namespace ndcat
