// What test_promotion_oracle.py cannot ask NumPy: messages, NumPy's bugs, and very many dtypes.
#include "core/dtypes/promotion.h"

#include <gtest/gtest.h>

#include <chrono>

namespace ndcat {
namespace {

const Dtype kI2 = Dtype::simple(Kind::signed_integer, 2);
const Dtype kU2 = Dtype::simple(Kind::unsigned_integer, 2);
const Dtype kF4 = Dtype::simple(Kind::floating, 4);
const Dtype kF8 = Dtype::simple(Kind::floating, 8);

Dtype bytes(Index width) { return Dtype::simple(Kind::bytes, width); }
Dtype datetime(TimeUnit unit) { return Dtype::time(Kind::datetime, {unit, 1}); }
Dtype timedelta(TimeUnit unit) { return Dtype::time(Kind::timedelta, {unit, 1}); }
Dtype structure(const std::string& name, const Dtype& dtype, const Shape& shape = {}) {
  const Field field{name, "", dtype, shape, 0};
  return *Dtype::structured({field}, field.size());
}

Result<Dtype> concatenated(const std::vector<Dtype>& dtypes) {
  DtypePromotion promotion;
  for (const Dtype& dtype : dtypes) promotion.add(dtype);
  return promotion.result();
}

std::string refusal(const std::vector<Dtype>& dtypes) {
  const auto result = concatenated(dtypes);
  return result ? "accepted as " + result->name() : result.error().message;
}

void expect_named(const std::string& message, const std::vector<std::string>& parts) {
  for (const std::string& part : parts)
    EXPECT_NE(message.find(part), std::string::npos) << part << " in: " << message;
}

TEST(Promotion, IsNoLeftFold) {
  EXPECT_EQ(*concatenated({kI2, kU2, kF4}), kF4);
  EXPECT_EQ(*concatenated({*concatenated({kI2, kU2}), kF4}), kF8);
}

TEST(Promotion, RefusalsNameTheTwoThatStandInEachOthersWay) {
  expect_named(refusal({kI2, kF4, datetime(TimeUnit::day), kF8}), {"int16", "datetime64[D]"});
  expect_named(refusal({Dtype::simple(Kind::raw, 4), Dtype::simple(Kind::raw, 5)}),
               {"|V4", "|V5", "lengths"});
  expect_named(refusal({structure("a", kI2), structure("b", kI2)}),
               {"[('a', '<i2')]", "[('b', '<i2')]", "names"});
  expect_named(refusal({structure("a", kI2), Dtype::simple(Kind::raw, 2)}),
               {"[('a', '<i2')]", "|V2", "fields"});
  expect_named(refusal({structure("a", kI2), structure("a", datetime(TimeUnit::day))}),
               {"field 'a'", "int16", "datetime64[D]"});
  expect_named(refusal({structure("a", kI2, {2}), structure("a", kI2, {3})}), {"field 'a'", "shapes"});
}

TEST(Promotion, UnitsThatHaveNoneInCommon) {
  expect_named(refusal({timedelta(TimeUnit::month), timedelta(TimeUnit::day)}),
               {"timedelta64[M]", "timedelta64[D]", "no fixed number"});
  expect_named(refusal({datetime(TimeUnit::week), datetime(TimeUnit::as)}), {"[W]", "[as]", "64 bits"});
  EXPECT_EQ(*concatenated({datetime(TimeUnit::month), datetime(TimeUnit::day)}), datetime(TimeUnit::day));
}

TEST(Promotion, TimedeltaBesideDatetimeHasAResultTypeThatConcatenateDoesNotCastTo) {
  const std::vector<Dtype> both{datetime(TimeUnit::day), timedelta(TimeUnit::day)};
  EXPECT_EQ(*result_dtype(both), datetime(TimeUnit::day));
  expect_named(refusal(both), {"timedelta64[D]", "datetime64[D]", "same kind"});
  expect_named(refusal({structure("a", both[1]), structure("a", both[0])}), {"same kind"});
}

TEST(Promotion, SubArraysOfWhichNumPyMakesABrokenDtypeAreRefused) {
  expect_named(refusal({structure("a", kI2, {3}), structure("a", kF8, {3})}), {"sub-array", "NumPy 1.24"});
  EXPECT_EQ(*concatenated({structure("a", kF8, {3}), structure("a", kI2, {3})}), structure("a", kF8, {3}));
}

TEST(Promotion, AnEmptyTextStaysEmpty) {
  EXPECT_EQ(*concatenated({bytes(0), bytes(0)}), bytes(0));
  EXPECT_EQ(*concatenated({bytes(0), Dtype::simple(Kind::signed_integer, 8)}), bytes(21));
}

TEST(Promotion, AlignFlagsOfDtypesThatAreEqualOtherwiseAreSeen) {
  const std::vector<Field> fields{{"a", "", Dtype::boolean(), {}, 0}, {"b", "", kF8, {}, 8}};
  const Dtype gappy = *Dtype::structured(fields, 16), aligned = *Dtype::structured(fields, 16, true);
  EXPECT_EQ(concatenated({gappy, gappy})->itemsize(), 9);
  EXPECT_EQ(concatenated({gappy, gappy, aligned})->itemsize(), 16);
}

TEST(Promotion, ManyDtypesTakeLittleTime) {
  const auto begin = std::chrono::steady_clock::now();
  DtypePromotion equal, widening;
  std::vector<Field> fields;
  for (int i = 0; i < 20; ++i) fields.push_back({"field" + std::to_string(i), "", kF8, {}, 8 * i});
  for (Index i = 0; i < 100'000; ++i) {
    equal.add(*Dtype::structured(fields, 160));
    widening.add(bytes(i));
  }
  EXPECT_EQ(*equal.result(), *Dtype::structured(fields, 160));
  EXPECT_EQ(*widening.result(), bytes(99'999));
  const std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - begin;
  EXPECT_LT(seconds.count(), 20) << "quadratic time would be hours";
}

TEST(Fitted, TargetsWithoutWidthOrUnitTakeTheArrays) {
  EXPECT_EQ(fitted(bytes(0), Dtype::simple(Kind::signed_integer, 8)), bytes(21));
  EXPECT_EQ(fitted(Dtype::simple(Kind::raw, 0), kF8), Dtype::simple(Kind::raw, 8));
  EXPECT_EQ(fitted(datetime(TimeUnit::generic), datetime(TimeUnit::day)), datetime(TimeUnit::day));
  EXPECT_EQ(fitted(bytes(2), kF8), bytes(2));
  EXPECT_EQ(fitted(*Dtype::structured({}, 0), kF8), *Dtype::structured({}, 0));
}

}  // namespace
}  // namespace ndcat
