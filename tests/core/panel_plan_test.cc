#include "core/layout/panel_plan.h"

#include <gtest/gtest.h>

#include <random>

#include "tests/core/views.h"

namespace ndcat {
namespace {

using testing::array;
using testing::kF8;
using testing::kU1;

constexpr Index kMebi = Index{1} << 20;

FileLayout laid_out(ArrayView view, Order order = Order::c) {
  auto layout = FileLayout::plan(std::move(view), order);
  EXPECT_TRUE(layout.ok());
  return *std::move(layout);
}

ArrayView joined(std::vector<ArrayView> views, int axis) { return *concatenate(std::move(views), axis); }

/// Bytes of a panel, 0 for none.
Index panel_that_pays(const ArrayView& view, Index longest = 16 * kMebi, Order order = Order::c) {
  const auto plan = PanelPlan::where_it_pays(laid_out(view, order), longest);
  return plan ? plan->longest() : 0;
}

TEST(PanelPlan, OfAnFOrderedSourceInCOrderHasWholeRows) {
  // Rows of 100 KiB: 4 MiB are 40 of them.
  EXPECT_EQ(panel_that_pays(array({9600, 12800}, kF8, Order::f)), 40 * 12800 * 8);
  // 54 rows of 75 KiB are 4 MiB: as many as are whole cache lines of the source.
  EXPECT_EQ(panel_that_pays(array({9600, 12800}, kF8, Order::c), 16 * kMebi, Order::f), 48 * 9600 * 8);
}

TEST(PanelPlan, GrowsUntilRunsAreGood) {
  // Rows of 400 KiB: 256 bytes of each line are 32 rows.
  EXPECT_EQ(panel_that_pays(array({9600, 51200}, kF8, Order::f)), 32 * 51200 * 8);
  EXPECT_EQ(panel_that_pays(array({9600, 51200}, kF8, Order::f), 8 * kMebi), 16 * 51200 * 8);
  // 16 MiB hold 4 rows of 4 MiB, and no more than 1 row of 10 MiB.
  EXPECT_EQ(panel_that_pays(array({96, 4 * kMebi / 8}, kF8, Order::f)), 16 * kMebi);
  EXPECT_EQ(panel_that_pays(array({96, 10 * kMebi / 8}, kF8, Order::f)), 0);
}

TEST(PanelPlan, PaysNotWhereReadsInOrderAreGoodAlready) {
  EXPECT_EQ(panel_that_pays(array({9600, 12800})), 0);
  EXPECT_EQ(panel_that_pays(array({9600, 12800}, kF8, Order::f), 16 * kMebi, Order::f), 0);
  // A request of 128 KiB holds 256 of these rows: 2 KiB of each line.
  EXPECT_EQ(panel_that_pays(array({100000, 64}, kF8, Order::f)), 0);
  // Elements of a cache line, or of more.
  EXPECT_EQ(panel_that_pays(array({960, 12800}, Dtype::simple(Kind::bytes, 64), Order::f)), 0);
  EXPECT_EQ(panel_that_pays(*transpose(array({960, 12800, 16}), std::vector<Index>{1, 0, 2})), 0);
  // Fewer rows than make a difference.
  EXPECT_EQ(panel_that_pays(array({1, 4 * kMebi}, kF8, Order::f)), 0);
  EXPECT_EQ(panel_that_pays(array({3, 4 * kMebi}, kU1, Order::f)), 0);
  EXPECT_EQ(panel_that_pays(array({0, 12800}, kF8, Order::f)), 0);
  EXPECT_EQ(panel_that_pays(array({})), 0);
}

TEST(PanelPlan, KnowsArraysOfAnyRank) {
  EXPECT_EQ(panel_that_pays(array({400, 100, 300}, kF8, Order::f)), 32 * 100 * 300 * 8);
  // Only the last two axes change places: a panel holds whole steps of the first, or a band within one.
  const std::vector<Index> last_two{0, 2, 1};
  EXPECT_EQ(panel_that_pays(*transpose(array({50, 3000, 100}), last_two)), 100 * 3000 * 8);
  EXPECT_EQ(panel_that_pays(*transpose(array({50, 30000, 1000}), last_two)), 32 * 30000 * 8);
}

TEST(PanelPlan, SeesThroughSelections) {
  const ArrayView source = array({9600, 12800}, kF8, Order::f);
  const Slice all{}, backwards{{}, {}, -1}, second{{}, {}, 2}, tenth{{}, {}, 10};
  EXPECT_GT(panel_that_pays(*select(source, {backwards, backwards})), 0);
  EXPECT_GT(panel_that_pays(*select(source, {second, all})), 0);
  // Neighbouring rows have no cache line in common.
  EXPECT_EQ(panel_that_pays(*select(source, {tenth, all})), 0);
}

TEST(PanelPlan, WeighsWhatGainsAgainstWhatDoesNot) {
  const ArrayView across = array({9600, 3200}, kF8, Order::f), along = array({9600, 3200});
  EXPECT_GT(panel_that_pays(joined({across, along, along, along}, 1)), 0);
  EXPECT_EQ(panel_that_pays(joined({across, along, along, along, along}, 1)), 0);
  const std::vector<std::byte> element(8);
  EXPECT_EQ(panel_that_pays(joined({across, *full_view(kF8, {9600, 12800}, element)}, 1)), 0);
}

TEST(PanelPlan, ElementsWithoutBytesInTheSourceGainNothing) {
  const auto view =
      astype(array({960, 12800}, Dtype::simple(Kind::bytes, 0), Order::f), Dtype::simple(Kind::bytes, 8));
  ASSERT_TRUE(view.ok());
  EXPECT_EQ(panel_that_pays(*view), 0);
}

TEST(PanelPlan, PanelsLieSideBySide) {
  std::mt19937 random(1);
  const auto below = [&](Index end) { return static_cast<Index>(random() % static_cast<unsigned>(end)); };
  int plans = 0;
  for (int round = 0; round < 300; ++round) {
    Shape shape;
    for (Index rank = below(5); rank > 0; --rank) shape.push_back(1 + below(9));
    const Dtype dtype = Dtype::simple(Kind::bytes, 1 + below(20));
    const FileLayout layout = laid_out(array(shape, dtype, Order::f), below(2) == 0 ? Order::c : Order::f);
    const Index longest = 1 + below(2000);
    const auto plan = PanelPlan::wherever_possible(layout, longest);
    ASSERT_EQ(plan.has_value(), dtype.itemsize() <= longest);
    if (!plan) continue;
    ++plans;
    Index end = 0;
    while (end < layout.size()) {
      const ByteRange panel = plan->panel_at(VirtualOffset{end});
      ASSERT_EQ(static_cast<Index>(panel.begin), end);
      ASSERT_GE(panel.length, 1);
      ASSERT_LE(panel.length, plan->longest());
      ASSERT_LE(panel.length, longest);
      end += panel.length;
      for (const Index inside : {end - 1, end - 1 - below(panel.length)}) {
        const ByteRange same = plan->panel_at(VirtualOffset{inside});
        ASSERT_EQ(same.begin, panel.begin);
        ASSERT_EQ(same.length, panel.length);
      }
    }
    ASSERT_EQ(end, layout.size());
  }
  EXPECT_GT(plans, 200);
}

TEST(PanelPlan, WhereverPossibleKnowsItsLimits) {
  EXPECT_FALSE(PanelPlan::wherever_possible(laid_out(array({0, 3})), 1000));
  EXPECT_FALSE(PanelPlan::wherever_possible(laid_out(array({3})), 7));
  EXPECT_EQ(PanelPlan::wherever_possible(laid_out(array({3})), 8)->longest(), 8);
  EXPECT_EQ(PanelPlan::wherever_possible(laid_out(array({})), 8)->longest(), 8);
  EXPECT_EQ(PanelPlan::wherever_possible(laid_out(array({100})), kMebi)->longest(), 24 * 8);
}

}  // namespace
}  // namespace ndcat
