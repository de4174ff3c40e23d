// What forbids writing through an array.
#include "core/writing/writability.h"

#include <gtest/gtest.h>

#include <numeric>

#include "tests/core/views.h"

namespace ndcat::testing {
namespace {

const Dtype kF4 = Dtype::simple(Kind::floating, 4);

ArrayView joined(std::vector<ArrayView> views, Index axis = 0) {
  auto result = concatenate(std::move(views), axis);
  EXPECT_TRUE(result.ok()) << result.error().message;
  return *std::move(result);
}

std::string obstacle_of(const ArrayView& view, std::vector<std::uint32_t> files = {}) {
  if (files.empty()) {
    files.resize(16);
    std::iota(files.begin(), files.end(), 0);
  }
  const auto found = find_write_obstacle(view, files);
  if (!found) return "none";
  std::string text = std::to_string(found->piece);
  if (found->other) text += " and " + std::to_string(*found->other);
  return text + " " + found->reason;
}

ArrayView chosen(ArrayView view, const Slice& rows, const Slice& columns) {
  return *select(std::move(view), {rows, columns});
}

TEST(Writability, ArraysOfDifferentFilesAreWritable) {
  EXPECT_EQ(obstacle_of(joined({array({3, 4}), array({5, 4}, kF8, Order::f, 1)})), "none");
  EXPECT_EQ(obstacle_of(joined({array({3, 4}), array({3, 5}, kF4, Order::c, 1)}, 1)), "none");
  EXPECT_EQ(obstacle_of(array({0, 4})), "none");
}

TEST(Writability, FillsAreNot) {
  const std::vector<std::byte> zero(8);
  EXPECT_EQ(obstacle_of(joined({array({3, 4}), *full_view(kF8, {2, 4}, zero)})),
            "1 is one value that comes from no file");
}

TEST(Writability, LossyCastsAreNot) {
  EXPECT_EQ(
      obstacle_of(joined({array({3}, kF4), *astype(array({3}, kF8, Order::c, 1), kF4)})),
      "1 its elements are stored as float64 and shown as float32, and that cast cannot be undone exactly");
}

TEST(Writability, AFileThatStandsTwiceIsNot) {
  const ArrayView twice =
      joined({array({3, 4}), array({2, 4}, kF8, Order::c, 1), array({3, 4}, kF8, Order::c, 2)});
  EXPECT_EQ(obstacle_of(twice), "none");
  EXPECT_EQ(obstacle_of(twice, {5, 6, 5}), "2 and 0 shows bytes of a file that another part shows too");
}

TEST(Writability, PartsOfOneFileThatDoNotMeetAre) {
  const ArrayView whole = array({6, 7});
  const auto every = [](Index start, Index step) { return Slice{.start = start, .stop = {}, .step = step}; };
  const Slice all{};
  EXPECT_EQ(obstacle_of(joined({chosen(whole, all, every(0, 2)), chosen(whole, all, every(1, 2))}, 1)),
            "none");
  EXPECT_EQ(obstacle_of(joined({chosen(whole, every(0, 2), all), chosen(whole, every(1, 2), all)})), "none");
  EXPECT_EQ(obstacle_of(chosen(whole, every(5, -1), every(6, -1))), "none");
  EXPECT_EQ(obstacle_of(joined({chosen(whole, every(0, 2), all), chosen(whole, every(5, -2), all)})), "none");
  EXPECT_EQ(obstacle_of(joined({chosen(whole, every(0, 2), all), chosen(whole, every(4, -2), all)})),
            "1 and 0 shows bytes of a file that another part shows too");
}

}  // namespace
}  // namespace ndcat::testing
