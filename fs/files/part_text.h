// Parts of an array, as NumPy indexes them.
#pragma once

#include <string>

#include "core/algebra/piece.h"

namespace ndcat {

/// The part of an array of this shape that a piece is: "[5000:20000]", "[:, 0:3000]"; "[...]" for all of it.
[[nodiscard]] std::string part_text(const Piece& piece, const Shape& shape);

}  // namespace ndcat
