#include "core/dtypes/dtype.h"

#include <gtest/gtest.h>

namespace ndcat {
namespace {

const Dtype kI2 = Dtype::simple(Kind::signed_integer, 2);
const Dtype kF8 = Dtype::simple(Kind::floating, 8);
const Dtype kBigF8 = Dtype::simple(Kind::floating, 8, ByteOrder::big);

Field field(std::string name, Dtype dtype, Index offset, Shape shape = {}, std::string title = "") {
  return {std::move(name), std::move(title), std::move(dtype), shape, offset};
}

std::string refusal(std::vector<Field> fields, Index itemsize) {
  const auto result = Dtype::structured(std::move(fields), itemsize);
  return result ? "accepted" : result.error().message;
}

TEST(Dtype, ByteOrderIsForgottenWhereItDoesNotMatter) {
  EXPECT_EQ(Dtype::simple(Kind::unsigned_integer, 1, ByteOrder::big),
            Dtype::simple(Kind::unsigned_integer, 1));
  EXPECT_EQ(Dtype::simple(Kind::bytes, 4, ByteOrder::big), Dtype::simple(Kind::bytes, 4));
  EXPECT_EQ(Dtype::simple(Kind::raw, 4, ByteOrder::big), Dtype::simple(Kind::raw, 4));
  EXPECT_NE(Dtype::simple(Kind::unicode, 4, ByteOrder::big), Dtype::simple(Kind::unicode, 4));
  EXPECT_NE(kF8, kBigF8);
}

TEST(Dtype, NativeSwapsEveryFieldAndKeepsTheLayout) {
  const auto inner = *Dtype::structured({field("x", kBigF8, 3)}, 20, true);
  const auto outer = *Dtype::structured({field("in", inner, 5, {2})}, 45);
  EXPECT_FALSE(outer.is_native());
  const Dtype native = outer.native();
  EXPECT_TRUE(native.is_native());
  EXPECT_EQ(native.itemsize(), 45);
  EXPECT_EQ(native.fields()[0].offset, 5);
  EXPECT_EQ(native.fields()[0].dtype.fields()[0].dtype, kF8);
  EXPECT_TRUE(native.fields()[0].dtype.is_aligned());
}

TEST(Dtype, EqualityLooksAtUnitsNamesTitlesOffsetsAndShapes) {
  EXPECT_NE(Dtype::time(Kind::datetime, {TimeUnit::second, 1}),
            Dtype::time(Kind::datetime, {TimeUnit::second, 25}));
  EXPECT_NE(Dtype::time(Kind::datetime, {TimeUnit::second, 1}),
            Dtype::time(Kind::timedelta, {TimeUnit::second, 1}));
  const auto base = *Dtype::structured({field("a", kI2, 0, {2})}, 8);
  EXPECT_EQ(base, *Dtype::structured({field("a", kI2, 0, {2})}, 8));
  EXPECT_EQ(base, *Dtype::structured({field("a", kI2, 0, {2})}, 8, true)) << "the align flag is not seen";
  EXPECT_NE(base, *Dtype::structured({field("b", kI2, 0, {2})}, 8));
  EXPECT_NE(base, *Dtype::structured({field("a", kI2, 1, {2})}, 8));
  EXPECT_NE(base, *Dtype::structured({field("a", kI2, 0, {2, 1})}, 8));
  EXPECT_NE(base, *Dtype::structured({field("a", kI2, 0, {2}, "t")}, 8));
  EXPECT_NE(base, *Dtype::structured({field("a", kI2, 0, {2})}, 9));
  EXPECT_NE(Dtype::simple(Kind::raw, 8), base);
}

TEST(Dtype, AStructureWithoutFieldsIsNoPlainVoid) {
  const auto empty = *Dtype::structured({}, 0);
  EXPECT_TRUE(empty.is_structured());
  EXPECT_NE(empty, Dtype::simple(Kind::raw, 0));
  EXPECT_EQ(empty.name(), "[]");
}

TEST(Dtype, FieldsMustLieWithinTheStructure) {
  EXPECT_EQ(refusal({field("a", kF8, 1)}, 8),
            "field 'a' (offset 1, float64) does not lie within the 8 bytes of the structure");
  EXPECT_NE(refusal({field("a", kF8, -1)}, 8), "accepted");
  EXPECT_NE(refusal({field("a", kF8, 0, {2})}, 15), "accepted");
  EXPECT_NE(refusal({field("a", kF8, 0, {Index{1} << 40, Index{1} << 40})}, 15), "accepted");
  EXPECT_NE(refusal({field("a", kF8, kMaxIndex)}, 15), "accepted");
  EXPECT_NE(refusal({}, Index{1} << 31), "accepted");
  EXPECT_EQ(refusal({field("a", kF8, 0), field("b", kI2, 3)}, 8), "accepted")
      << "overlaps are NumPy's to allow";
}

TEST(Dtype, NamesAndTitlesMustBeDistinct) {
  EXPECT_EQ(refusal({field("a", kI2, 0), field("a", kI2, 2)}, 4),
            "the name or title 'a' occurs more than once among the fields");
  EXPECT_NE(refusal({field("a", kI2, 0), field("b", kI2, 2, {}, "a")}, 4), "accepted");
  EXPECT_NE(refusal({field("", kI2, 0)}, 2), "accepted");
}

TEST(Dtype, CopiesShareTheirFields) {
  const auto dtype = *Dtype::structured({field("a", kI2, 0)}, 2);
  const Dtype copy = dtype;  // NOLINT: the copy is what is tested
  EXPECT_EQ(&copy.fields(), &dtype.fields());
}

TEST(Dtype, AlignmentIsThatOfTheLargestFieldOfAlignedStructures) {
  const std::vector<Field> fields{field("a", Dtype::boolean(), 0),
                                  field("b", Dtype::simple(Kind::complex, 32), 16)};
  EXPECT_EQ(Dtype::structured(fields, 48, true)->alignment(), 16);
  EXPECT_EQ(Dtype::structured(fields, 48)->alignment(), 1);
  EXPECT_EQ(Dtype::simple(Kind::unicode, 40).alignment(), 4);
}

// Names and typestrs of ninety dtypes are held against NumPy in test_promotion_oracle.py.
TEST(Dtype, NamesEscapeWhatPythonEscapes) {
  EXPECT_EQ(Dtype::structured({field("it's\n", kI2, 0)}, 2)->name(), "[(\"it's\\n\", '<i2')]");
}

}  // namespace
}  // namespace ndcat
