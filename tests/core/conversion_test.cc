// What test_cast_oracle.py cannot ask NumPy: messages, padding, identities, NumPy's bugs and widths of 0.
#include "core/casts/conversion.h"

#include <gtest/gtest.h>

#include <array>
#include <bit>
#include <cstring>

namespace ndcat {
namespace {

const Dtype kI4 = Dtype::simple(Kind::signed_integer, 4);
const Dtype kI8 = Dtype::simple(Kind::signed_integer, 8);
const Dtype kU4 = Dtype::simple(Kind::unsigned_integer, 4);
const Dtype kF2 = Dtype::simple(Kind::floating, 2);
const Dtype kF4 = Dtype::simple(Kind::floating, 4);
const Dtype kBigF4 = Dtype::simple(Kind::floating, 4, ByteOrder::big);
const Dtype kF8 = Dtype::simple(Kind::floating, 8);
const Dtype kBigF8 = Dtype::simple(Kind::floating, 8, ByteOrder::big);
const Dtype kLong = Dtype::simple(Kind::floating, 16);

Dtype bytes(Index width) { return Dtype::simple(Kind::bytes, width); }
Dtype unicode(Index width, ByteOrder order = kNativeByteOrder) {
  return Dtype::simple(Kind::unicode, 4 * width, order);
}
Dtype timedelta(TimeUnit unit) { return Dtype::time(Kind::timedelta, {unit, 1}); }
Dtype datetime(TimeUnit unit) { return Dtype::time(Kind::datetime, {unit, 1}); }
Dtype structure(std::vector<Field> fields, Index itemsize) {
  return *Dtype::structured(std::move(fields), itemsize);
}

Conversion chain(const std::vector<Dtype>& path) {
  auto conversion = Conversion::chain(path);
  EXPECT_TRUE(conversion.ok()) << conversion.error().message;
  return *conversion;
}

bool is_nothing(const std::vector<Dtype>& path) { return chain(path).is_identity(); }

std::string refusal(const Dtype& from, const Dtype& to) {
  const auto conversion = Conversion::make(from, to);
  return conversion ? "accepted" : conversion.error().message;
}

// One element through the path; the target's bytes are noise before.
template <class To, class From>
To one(const std::vector<Dtype>& path, From value) {
  EXPECT_EQ(static_cast<Index>(sizeof(From)), path.front().itemsize());
  EXPECT_EQ(static_cast<Index>(sizeof(To)), path.back().itemsize());
  std::array<std::byte, sizeof(To)> to;
  to.fill(std::byte{0xA5});
  const auto from = std::bit_cast<std::array<std::byte, sizeof(From)>>(value);
  EXPECT_TRUE(chain(path).run(to.data(), sizeof(To), from.data(), sizeof(From), 1));
  return std::bit_cast<To>(to);
}

TEST(Conversion, APathThatLeadsBackIsNothing) {
  EXPECT_TRUE(is_nothing({kF8}));
  EXPECT_TRUE(is_nothing({kF8, kF8}));
  EXPECT_TRUE(is_nothing({kBigF8, kF8, kBigF8}));
  EXPECT_TRUE(is_nothing({kI4, kF8, kI4}));
  EXPECT_TRUE(is_nothing({kI4, kU4, kI4}));
  EXPECT_TRUE(is_nothing({kF2, kF4, kF2}));
  EXPECT_TRUE(is_nothing({bytes(3), bytes(7), bytes(3)}));
  EXPECT_TRUE(is_nothing({kI8, datetime(TimeUnit::second), kI8}));
  EXPECT_TRUE(is_nothing({unicode(3, ByteOrder::big), unicode(3), unicode(5), unicode(3, ByteOrder::big)}));
}

TEST(Conversion, APathThatLosesSomethingIsKept) {
  EXPECT_FALSE(is_nothing({kI8, kF8, kI8}));
  EXPECT_FALSE(is_nothing({kI4, kF4, kI4}));
  EXPECT_FALSE(is_nothing({bytes(3), bytes(2), bytes(3)}));
  EXPECT_FALSE(is_nothing({Dtype::boolean(), kI4, Dtype::boolean()})) << "bytes other than 0 and 1 become 1";
  EXPECT_FALSE(is_nothing({datetime(TimeUnit::second), datetime(TimeUnit::ms), datetime(TimeUnit::second)}));
  constexpr std::int64_t kOdd = (std::int64_t{1} << 53) + 1;
  EXPECT_EQ((one<std::int64_t>({kI8, kF8, kI8}, kOdd)), kOdd - 1);
}

TEST(Conversion, ASignallingNanIsQuietenedOnTheWayThroughAWiderFloat) {
  EXPECT_EQ((one<std::uint32_t>({kF4, kF8, kF4}, std::uint32_t{0x7F800001})), 0x7FC00001u);
  EXPECT_EQ((one<std::uint32_t>({kBigF4, kF4, kBigF4}, std::uint32_t{0x7F800001})), 0x7F800001u);
}

TEST(Conversion, StructuresThatDifferOnlyInNamesAreTheSameBytes) {
  const Dtype a = structure({{"x", "", kI4, {}, 0}, {"y", "", kF8, {2}, 4}}, 20);
  const Dtype b = structure({{"p", "t", kI4, {}, 0}, {"q", "", kF8, {2}, 4}}, 20);
  EXPECT_TRUE(is_nothing({a, b}));
  EXPECT_FALSE(is_nothing({a, structure({{"x", "", kI4, {}, 16}, {"y", "", kF8, {2}, 0}}, 20)}));
}

TEST(Conversion, PaddingIsZero) {
  const Dtype from = structure({{"a", "", Dtype::boolean(), {}, 0}}, 1);
  const Dtype to = structure({{"a", "", Dtype::simple(Kind::unsigned_integer, 1), {}, 2}}, 4);
  EXPECT_EQ((one<std::uint32_t>({from, to}, std::uint8_t{7})), 0x00010000u);
  const auto wide = one<std::array<std::uint8_t, 16>>({kF8, kLong}, 1.0);
  for (std::size_t i = 10; i < 16; ++i) EXPECT_EQ(wide[i], 0) << i;
}

TEST(Conversion, FloatToUint32FarOutOfRangeIsTheScalarInstructions) {
  EXPECT_EQ((one<std::uint32_t>({kF8, kU4}, 5e9)), 705032704u);
  EXPECT_EQ((one<std::uint32_t>({kF8, kU4}, -1.0)), 0xFFFFFFFFu);
  EXPECT_EQ((one<std::uint32_t>({kF8, kU4}, std::numeric_limits<double>::quiet_NaN())), 0u);
}

TEST(Conversion, TextToNumbersIsRefusedAndSaysWhatToDo) {
  EXPECT_NE(refusal(bytes(3), kI4).find("cannot convert |S3 to int32"), std::string::npos);
  EXPECT_NE(refusal(bytes(3), kI4).find("astype"), std::string::npos);
  EXPECT_NE(refusal(unicode(3), datetime(TimeUnit::day)), "accepted");
  EXPECT_NE(refusal(Dtype::simple(Kind::raw, 4), kI4), "accepted");
}

TEST(Conversion, StructuresThatDoNotMatchAreRefused) {
  const Dtype two = structure({{"a", "", kI4, {}, 0}, {"b", "", bytes(2), {}, 4}}, 6);
  EXPECT_NE(refusal(two, kI4).find("single field"), std::string::npos);
  EXPECT_NE(refusal(two, structure({{"a", "", kI4, {}, 0}}, 4)).find("numbers differ"), std::string::npos);
  const Dtype numbers = structure({{"a", "", kI4, {}, 0}, {"b", "", kI4, {}, 4}}, 8);
  EXPECT_NE(refusal(two, numbers).find("field 'b': cannot convert |S2 to int32"), std::string::npos);
}

TEST(Conversion, UnitsWithoutAFactorAreRefused) {
  EXPECT_NE(refusal(timedelta(TimeUnit::week), timedelta(TimeUnit::as)).find("overflows"), std::string::npos);
  EXPECT_NE(refusal(timedelta(TimeUnit::week), timedelta(TimeUnit::generic)).find("no unit"),
            std::string::npos);
}

TEST(Conversion, SubArraysBeyondReasonAreRefused) {
  const Index n = 100'000;
  const Dtype from = structure({{"a", "", kI4, {n, 1}, 0}}, 4 * n);
  const Dtype to = structure({{"a", "", kI4, {n, 2}, 0}}, 8 * n);
  EXPECT_NE(refusal(from, to).find("broadcast"), std::string::npos);
}

TEST(Conversion, OnlySomeCanFail) {
  EXPECT_FALSE(chain({kF8, kI4}).can_fail());
  EXPECT_FALSE(chain({kF8, bytes(2)}).can_fail());
  EXPECT_TRUE(chain({bytes(2), unicode(2)}).can_fail());
  EXPECT_TRUE(chain({unicode(2), bytes(2)}).can_fail());
  const Dtype from = structure({{"a", "", bytes(1), {}, 0}}, 1),
              to = structure({{"a", "", unicode(1), {}, 0}}, 4);
  EXPECT_TRUE(chain({from, to}).can_fail());
  const std::byte latin{0xE9};
  std::array<std::byte, 4> out;
  EXPECT_FALSE(chain({from, to}).run(out.data(), 4, &latin, 1, 1));
}

TEST(Conversion, WidthsOfZero) {
  std::array<std::byte, 8> out;
  out.fill(std::byte{0xA5});
  EXPECT_TRUE(chain({bytes(0), unicode(1)}).run(out.data(), 4, nullptr, 0, 2));
  for (const std::byte byte : out) EXPECT_EQ(byte, std::byte{});
  const std::byte letter{'a'};
  EXPECT_TRUE(chain({bytes(1), bytes(0)}).run(out.data(), 0, &letter, 0, 3));
  EXPECT_TRUE(chain({bytes(0)}).is_identity());
}

TEST(Conversion, ElementsWithoutBytesMayComeFromNowhere) {
  std::array<std::byte, 8> to;
  to.fill(std::byte{0xFF});
  EXPECT_TRUE(chain({bytes(0), bytes(4)}).run(to.data(), 4, nullptr, 0, 2));
  EXPECT_EQ(to, (std::array<std::byte, 8>{}));
}

TEST(Conversion, AStrideOfZeroRepeatsAndANegativeOneReverses) {
  const std::array<std::int32_t, 3> from{1, 2, 3};
  std::array<double, 3> to{};
  const auto* const source = reinterpret_cast<const std::byte*>(from.data());
  auto* const target = reinterpret_cast<std::byte*>(to.data());
  const Conversion conversion = chain({kI4, kF8});
  EXPECT_TRUE(conversion.run(target, 8, source, 0, 3));
  EXPECT_EQ(to, (std::array<double, 3>{1, 1, 1}));
  EXPECT_TRUE(conversion.run(target, 8, source + 8, -4, 3));
  EXPECT_EQ(to, (std::array<double, 3>{3, 2, 1}));
}

TEST(Conversion, StructuresGoThroughChainsFieldByFieldHoweverLargeTheyAre) {
  const Index n = 100'000;
  const auto record = [](const Dtype& dtype) {
    return structure({{"a", "", dtype, {n}, 0}}, dtype.itemsize() * n);
  };
  std::vector<std::byte> from(static_cast<std::size_t>(4 * n)), to(static_cast<std::size_t>(8 * n));
  const std::int32_t last = -7;
  std::memcpy(from.data() + 4 * (n - 1), &last, 4);
  const auto conversion = chain({record(kI4), record(kI8), record(kF8)});
  EXPECT_TRUE(conversion.run(to.data(), 8 * n, from.data(), 4 * n, 1));
  double value = 0;
  std::memcpy(&value, to.data() + 8 * (n - 1), 8);
  EXPECT_EQ(value, -7);
}

}  // namespace
}  // namespace ndcat
