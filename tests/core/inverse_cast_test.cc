// Which casts have a way back, and of which kind it is.
#include "core/writing/inverse_cast.h"

#include <gtest/gtest.h>

#include <cstring>

#include "tests/core/views.h"

namespace ndcat::testing {
namespace {

using Way = InverseCast::Kind;

const Dtype kF4 = Dtype::simple(Kind::floating, 4), kF2 = Dtype::simple(Kind::floating, 2);
const Dtype kBigF8 = Dtype::simple(Kind::floating, 8, ByteOrder::big);
const Dtype kI8 = Dtype::simple(Kind::signed_integer, 8), kU4 = Dtype::simple(Kind::unsigned_integer, 4);
const Dtype kC8 = Dtype::simple(Kind::complex, 8), kC16 = Dtype::simple(Kind::complex, 16);
const Dtype kLong = Dtype::simple(Kind::floating, 16);

Dtype text(Kind kind, Index size, ByteOrder order = ByteOrder::little) {
  return Dtype::simple(kind, size, order);
}

Dtype structure(ByteOrder order, Index padding = 0) {
  const Dtype number = Dtype::simple(Kind::signed_integer, 4, order);
  return *Dtype::structured({{"a", "", number, {}, 0}, {"b", "", kF8, {2}, 4}}, 20 + padding);
}

TEST(InverseCast, KindsOfWaysBack) {
  const std::vector<std::pair<std::vector<Dtype>, Way>> cases = {
      {{kF8}, Way::copy},
      {{kBigF8, kF8, kBigF8}, Way::copy},
      {{kBigF8, kF8}, Way::bytes},
      {{text(Kind::bytes, 3), text(Kind::bytes, 5)}, Way::bytes},
      {{text(Kind::unicode, 8, ByteOrder::big), text(Kind::unicode, 12)}, Way::bytes},
      {{text(Kind::raw, 3), text(Kind::raw, 7)}, Way::bytes},
      {{structure(ByteOrder::big), structure(ByteOrder::little)}, Way::bytes},
      {{kF4, kF8}, Way::value},
      {{kF2, kF4, kF8}, Way::value},
      {{kI4, kF8}, Way::value},
      {{kI4, kI8}, Way::value},
      {{kI4, kU4}, Way::copy},
      {{kF4, kF8, kF4}, Way::value},
      {{Dtype::boolean(), kF4}, Way::value},
      {{kC8, kC16}, Way::value},
      {{kF8, kC16}, Way::value},
  };
  for (const auto& [path, expected] : cases) {
    const auto inverse = InverseCast::make(path);
    ASSERT_TRUE(inverse.ok()) << path.front().name() << " -> " << path.back().name() << ": "
                              << inverse.error().message;
    EXPECT_EQ(inverse->kind(), expected) << path.front().name() << " -> " << path.back().name();
  }
}

TEST(InverseCast, CastsWithoutAWayBack) {
  const TimeStep seconds{TimeUnit::second, 1}, days{TimeUnit::day, 1};
  const std::vector<std::vector<Dtype>> cases = {
      {kF8, kF4},
      {kI8, kF8},
      {kI8, kI4},
      {kF8, kI8},
      {kC16, kC8},
      {kF8, kLong},
      {text(Kind::bytes, 5), text(Kind::bytes, 3)},
      {text(Kind::bytes, 3), text(Kind::unicode, 12)},
      {kI4, text(Kind::bytes, 11)},
      {Dtype::time(Kind::datetime, seconds), Dtype::time(Kind::datetime, days)},
      {structure(ByteOrder::big, 4), structure(ByteOrder::little, 4)},
  };
  for (const auto& path : cases) {
    const auto inverse = InverseCast::make(path);
    EXPECT_FALSE(inverse.ok()) << path.front().name() << " -> " << path.back().name();
  }
  EXPECT_EQ(
      message_of(InverseCast::make({kF8, kF4})),
      "its elements are stored as float64 and shown as float32, and that cast cannot be undone exactly");
}

// The map says of each byte what the conversion does with it.
TEST(InverseCast, MapsTellWhereBytesGo) {
  const std::vector<std::vector<Dtype>> paths = {
      {kBigF8, kF8},
      {Dtype::simple(Kind::complex, 16, ByteOrder::big), kC16},
      {text(Kind::bytes, 3), text(Kind::bytes, 5)},
      {text(Kind::unicode, 8, ByteOrder::big), text(Kind::unicode, 12)},
      {structure(ByteOrder::big), structure(ByteOrder::little)},
  };
  for (const auto& path : paths) {
    SCOPED_TRACE(path.front().name());
    const auto inverse = InverseCast::make(path);
    ASSERT_TRUE(inverse.ok());
    const auto forth = Conversion::chain(path);
    std::vector<std::byte> source(static_cast<std::size_t>(path.front().itemsize()));
    for (std::size_t i = 0; i < source.size(); ++i) source[i] = static_cast<std::byte>(i + 1);
    std::vector<std::byte> file(static_cast<std::size_t>(path.back().itemsize())), again(source.size());
    ASSERT_TRUE(forth->run(file.data(), 0, source.data(), 0, 1));
    ASSERT_EQ(inverse->map().size(), file.size());
    for (std::size_t i = 0; i < file.size(); ++i) {
      const std::int32_t place = inverse->map()[i];
      EXPECT_EQ(file[i], place == kPadding ? std::byte{0} : source[static_cast<std::size_t>(place)]);
    }
    ASSERT_TRUE(inverse->back().run(again.data(), 0, file.data(), 0, 1));
    EXPECT_EQ(again, source);
  }
}

}  // namespace
}  // namespace ndcat::testing
