// Text as Python prints it, for messages that speak of NumPy's objects.
#pragma once

#include <string>
#include <string_view>

namespace ndcat {

/// repr() of a str given as UTF-8: quoted, with control characters escaped. Bytes from 0x80 on are copied.
[[nodiscard]] std::string python_repr(std::string_view text);

}  // namespace ndcat
