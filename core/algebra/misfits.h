// What keeps shapes from going through an operation: every reason, not the first, for those who tell people
// all of them; and the shape that comes out. algebra.h does the operations themselves and gives the first
// reason only.
//
// An extent of -1 is one that is not known: nothing is said against it, and what comes of it is not known
// either. Pure functions, thread-safe.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/algebra/select.h"
#include "core/indices.h"
#include "core/result.h"

namespace ndcat {

/// Along an axis that the arrays have (np.concatenate), or along a new one (np.stack).
enum class Join { concatenate, stack };

/// As to_string() prints a shape, with "?" for what is not known: "(2, ?)".
[[nodiscard]] std::string known_extents(const Shape& shape);

/// Why an array of `shape` cannot stand in one list with one of the shape `like`, which messages call
/// `like_named` ("(5000, 1000) of a.npy"). `axis`: the one along which they are concatenated, counted from
/// the front, of no meaning for a stack; nothing: it is not known, so that one axis may differ, whichever it
/// is.
[[nodiscard]] std::optional<Error> join_misfit(const Shape& shape, const Shape& like,
                                               const std::string& like_named, Join join,
                                               std::optional<int> axis);

/// Why arrays of `shape` cannot be joined at all, along whichever axis.
[[nodiscard]] std::optional<Error> join_refusal(const Shape& shape, Join join);

/// Why arrays whose extents along that axis add up to more than an Index holds cannot be joined.
[[nodiscard]] Error joined_too_long(int axis);

/// Why `selection` is no index of an array of `shape`: IndexError's reasons, rank above 32.
[[nodiscard]] std::vector<Error> select_misfits(const Selection& selection, const Shape& shape);
/// The shape of a[selection]. Precondition: it has no misfits.
[[nodiscard]] Shape selected_shape(const Selection& selection, const Shape& shape);

/// Why `axes` is no permutation of the axes of an array of that rank.
[[nodiscard]] std::vector<Error> transpose_misfits(const std::vector<Index>& axes, int rank);
/// The shape of a.transpose(axes); no axes: reversed. Precondition: they have no misfits.
[[nodiscard]] Shape transposed_shape(const Shape& shape, const std::optional<std::vector<Index>>& axes);

}  // namespace ndcat
