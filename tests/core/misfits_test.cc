// Every reason at once, and what is not known: what the operations themselves, which give the first reason
// only, do not show.
#include "core/algebra/misfits.h"

#include <gtest/gtest.h>

namespace ndcat {
namespace {

std::string joined(const std::vector<Error>& errors) {
  std::string text;
  for (const Error& error : errors) text += (text.empty() ? "" : "; ") + error.message;
  return text;
}
std::string join_misfit_of(const Shape& shape, const Shape& like, Join join, std::optional<int> axis) {
  const std::optional<Error> error = join_misfit(shape, like, known_extents(like) + " of a", join, axis);
  return error ? error->message : "none";
}

TEST(Misfits, OfASelectionAreToldForEachAxis) {
  EXPECT_EQ(
      joined(select_misfits({Index{9}, Slice{}, Index{-7}}, {5, 4, 6})),
      "index 9 is out of bounds for axis 0 with size 5; index -7 is out of bounds for axis 2 with size 6");
  EXPECT_EQ(joined(select_misfits({Index{9}, Ellipsis{}, Index{-6}}, {5, 4, 6})),
            "index 9 is out of bounds for axis 0 with size 5");
  EXPECT_EQ(joined(select_misfits({Ellipsis{}, Ellipsis{}, Index{0}, Index{0}}, {5})),
            "an index can only have a single ellipsis ('...'); too many indices for array: array is "
            "1-dimensional, but "
            "2 were indexed");
}

TEST(Misfits, OfAnUnknownExtentThereAreNone) {
  EXPECT_TRUE(select_misfits({Index{9}, Index{1}}, {-1, 4}).empty());
  EXPECT_EQ(selected_shape({Slice{}, NewAxis{}, Index{1}, Ellipsis{}}, {-1, 4, 5}), (Shape{-1, 1, 5}));
  EXPECT_EQ(selected_shape({Ellipsis{}, Slice{1, std::nullopt, 2}}, {-1, 4}), (Shape{-1, 2}));
  EXPECT_EQ(transposed_shape({-1, 4, 5}, std::vector<Index>{2, 0, -2}), (Shape{5, -1, 4}));
  EXPECT_EQ(join_misfit_of({-1, 4}, {3, 4}, Join::stack, 0), "none");
  EXPECT_EQ(join_misfit_of({3, 4}, {-1, -1}, Join::concatenate, 0), "none");
  EXPECT_EQ(join_misfit_of({-1, 4}, {3, 5}, Join::concatenate, 0),
            "shape (?, 4) does not match (3, 5) of a on axis 1 (only axis 0 may differ)");
}

TEST(Misfits, OfATransposeAreToldForEachAxis) {
  EXPECT_EQ(joined(transpose_misfits({5, 0, 0}, 3)),
            "axis 5 is out of bounds for array of dimension 3; transpose names axis 0 twice");
  EXPECT_EQ(joined(transpose_misfits({-1, 0}, 2)), "");
}

TEST(Misfits, AlongAnUnknownAxisOneMayDiffer) {
  EXPECT_EQ(join_misfit_of({3, 4}, {3, 5}, Join::concatenate, std::nullopt), "none");
  EXPECT_EQ(join_misfit_of({3, 4}, {5, 6}, Join::concatenate, std::nullopt),
            "shape (3, 4) does not match (5, 6) of a on axes 0 and 1 (only one axis may differ)");
  EXPECT_EQ(join_misfit_of({3}, {3, 4}, Join::concatenate, std::nullopt),
            "shape (3,) does not match (3, 4) of a: 1 axis instead of 2");
}

}  // namespace
}  // namespace ndcat
