// Problem: one thing that is wrong with a manifest, and exactly where.
#pragma once

#include <string>
#include <vector>

namespace ndcat {

/// A place in a manifest's text. Line and column count from 1; the column counts UTF-8 code points, as
/// editors do.
struct Place {
  std::string pointer;  // JSON pointer (RFC 6901); "" is the root
  int line = 0;         // 0: the whole file (it could not be read, say)
  int column = 0;
};

struct Problem {
  std::string file;  // as the user named it, or relative to the folder that is checked or mounted
  Place place;
  std::string message;
};
using Problems = std::vector<Problem>;

/// "all.json:4:18 /concatenate/2: shape (5000, 999) does not match ...", without a newline.
[[nodiscard]] std::string to_string(const Problem& problem);

}  // namespace ndcat
