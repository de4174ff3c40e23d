// Which bytes of an array belong together.
#include "core/writing/atoms.h"

#include <gtest/gtest.h>

#include <vector>

namespace ndcat::testing {
namespace {

/// Where the atoms of the first `size` bytes of an array end.
std::vector<Index> ends(const Dtype& dtype, Index size) {
  const Atoms atoms(dtype);
  std::vector<Index> result;
  for (Index at = 0; at < size; at = result.back()) {
    result.push_back(atoms.end_of(at));
    for (Index inside = at; inside < result.back(); ++inside) EXPECT_EQ(atoms.end_of(inside), result.back());
  }
  return result;
}

Field field(const char* name, const Dtype& dtype, Index offset, const Shape& shape = {}) {
  return {.name = name, .title = {}, .dtype = dtype, .shape = shape, .offset = offset};
}

using Ends = std::vector<Index>;

TEST(Atoms, NumbersAndTextsAreWhole) {
  EXPECT_EQ(ends(Dtype::simple(Kind::floating, 4), 12), (Ends{4, 8, 12}));
  EXPECT_EQ(ends(Dtype::simple(Kind::complex, 16), 32), (Ends{16, 32}));
  EXPECT_EQ(ends(Dtype::simple(Kind::bytes, 3), 7), (Ends{3, 6, 9}));
  EXPECT_EQ(ends(Dtype::simple(Kind::unicode, 12), 24), (Ends{12, 24}));
}

TEST(Atoms, BytesOfVoidElementsAreNot) {
  EXPECT_EQ(ends(Dtype::simple(Kind::raw, 3), 4), (Ends{1, 2, 3, 4}));
}

TEST(Atoms, FieldsHaveTheirOwn) {
  const Dtype f4 = Dtype::simple(Kind::floating, 4), text = Dtype::simple(Kind::bytes, 3);
  const Result<Dtype> inner = Dtype::structured({field("x", f4, 0, {2}), field("y", text, 8)}, 12);
  ASSERT_TRUE(inner.ok());  // a byte of padding at its end
  const Result<Dtype> dtype = Dtype::structured({field("a", text, 1), field("b", *inner, 4, {2})}, 28);
  ASSERT_TRUE(dtype.ok());
  EXPECT_EQ(ends(*dtype, 30), (Ends{1, 4, 8, 12, 15, 16, 20, 24, 27, 28, 29, 32}));
}

}  // namespace
}  // namespace ndcat::testing
