// The predictor of strides, fed by a model of the page cache with readers of many kinds.

#include "fs/mount/stride_predictor.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <numeric>
#include <random>
#include <string>
#include <tuple>
#include <vector>

#include "tests/mount/page_cache_model.h"

namespace ndcat {
namespace {

constexpr Index kHeader = 128;

// A file of `rows` rows of `row` bytes behind a header, its cache, and its predictor.
class Reading {
 public:
  Reading(Index rows, Index row, Index window, bool with_predictor = true)
      : row_(row),
        size_(kHeader + rows * row),
        predictor_(std::vector<Index>{8, row}, size_, window),
        cache_(pages(), window, [this, with_predictor](PageRange asked) {
          if (with_predictor) answer(asked);
        }) {}

  [[nodiscard]] Index pages() const { return (size_ + kPage - 1) / kPage; }
  /// Bytes [from, from + length) of a row.
  void touch(Index row, Index from, Index length = 8) {
    const Index begin = kHeader + row * row_ + from;
    for (Index page = begin / kPage; page <= (begin + length - 1) / kPage; ++page) touch_page(page);
  }
  void touch_page(Index page) {
    touched_[static_cast<std::size_t>(page)] = true;
    cache_.touch(page);
  }
  PageCacheModel& cache() { return cache_; }
  /// Pages that were stored and not (yet) touched.
  [[nodiscard]] Index wasted() const {
    return std::count_if(stored_.begin(), stored_.end(),
                         [this](Index page) { return !touched_[static_cast<std::size_t>(page)]; });
  }
  void refuse_pushes() { refuses_ = true; }
  [[nodiscard]] int pushes() const { return pushes_; }
  [[nodiscard]] int rows() const { return rows_; }
  [[nodiscard]] Index wanted() const { return wanted_; }

 private:
  void answer(PageRange asked) {
    const auto push = predictor_.on_read(asked.begin * kPage, asked.count() * kPage);
    if (!push) return;
    ++pushes_;
    for (Index row = push->begin; row < push->end; ++row) {
      const PageRange range = push->column.pages(row);
      ++rows_;
      ASSERT_LT(range.begin, pages()) << "row " << row;  // all of it lies beyond the end
      for (Index page = range.begin; page < range.end; ++page) {
        ++wanted_;
        ASSERT_GE(page, 0);
        if (refuses_ || page >= pages() || asked.contains(page)) continue;
        stored_.push_back(page);
        cache_.store(page);
      }
    }
  }

  const Index row_, size_;
  StridePredictor predictor_;
  PageCacheModel cache_;
  std::vector<bool> touched_ = std::vector<bool>(static_cast<std::size_t>(pages()));
  std::vector<Index> stored_;
  bool refuses_ = false;
  Index wanted_ = 0;
  int pushes_ = 0, rows_ = 0;
};

using Geometry = std::tuple<Index, Index>;  // bytes of a row, pages of a window

class Columns : public testing::TestWithParam<Geometry> {
 protected:
  static constexpr Index kRows = 1000;
  Index row() const { return std::get<0>(GetParam()); }
  Index window() const { return std::get<1>(GetParam()); }
  Reading reading(bool with_predictor = true) const { return {kRows, row(), window(), with_predictor}; }

  // What the reader costs, in microseconds as measured: a request, its pages, a push, its rows, their pages.
  static double cost(Reading& reading) {
    return 7.5 * reading.cache().requests() + 1.3 * static_cast<double>(reading.cache().asked()) +
           60 * reading.pushes() + 5 * reading.rows() + 1.3 * reading.cache().stored();
  }
  bool is_wide() const { return row() >= window() * kPage; }
  // At least as well as `ratio` times what it costs without the predictor.
  template <class Reader>
  void expect_cost(Reader read, double ratio, double wasted = 0.33) const {
    Reading served = reading(), plain = reading(false);
    read(served);
    read(plain);
    EXPECT_LT(cost(served), cost(plain) * ratio);
    EXPECT_LE(static_cast<double>(served.wasted()), served.cache().stored() * wasted);
  }
};

// Where rows are a power of two long, in every fourth page the kernel takes him who walks there for a reader
// from end to end.
bool looks_like_end_to_end(Index row, Index column, Index window) {
  return row % (4 * kPage) == 0 && window * kPage % row == 0 && window * kPage > row &&
         (kHeader + column) / kPage % 4 == 0;
}

TEST_P(Columns, AreServedInBothDirections) {
  for (const Index column : {Index{0}, 5 * kPage, row() / 3, row() / 2 + 8, row() - 2 * kPage}) {
    SCOPED_TRACE(column);
    // Short ones, and more than eight in a window.
    const bool is_left_alone = row() < 12 * kPage || row() < window() * kPage / 8;
    const double backwards = is_wide() ? 0.2 : is_left_alone ? 1.001 : 0.85;
    const double forwards = looks_like_end_to_end(row(), column, window()) ? 1.001 : backwards;
    expect_cost(
        [&](Reading& reading) {
          for (Index i = 0; i < kRows; ++i) reading.touch(i, column);
        },
        forwards);
    expect_cost(
        [&](Reading& reading) {
          for (Index i = kRows - 1; i >= 0; --i) reading.touch(i, column);
        },
        backwards);
  }
}

TEST_P(Columns, OfAFewElementsThatCrossPagesAreServed) {
  for (const Index column : {2 * kPage - kHeader - 400, row() / 2}) {
    SCOPED_TRACE(column);
    expect_cost(
        [&](Reading& reading) {
          for (Index i = 0; i < kRows; ++i) reading.touch(i, column, 800);
        },
        is_wide() ? 0.3 : 1.03);
  }
}

TEST_P(Columns, OneAfterTheOtherAreServedEach) {
  expect_cost(
      [&](Reading& reading) {
        for (Index column = 0; column < 5 * kPage; column += kPage / 2) {
          for (Index i = 0; i < kRows; ++i) reading.touch(i, column);
        }
      },
      1.7, 1);
}

TEST_P(Columns, TheirEndIsWhereTheyEndAndNoPageIsPushedBeyondTheFile) {
  Reading reading = this->reading();
  for (Index i = kRows - 20; i < kRows; ++i) reading.touch(i, row() - 8);
  for (Index i = 19; i >= 0; --i) reading.touch(i, 0);
}

// A reader from end to end, also after somebody has read a column.
TEST_P(Columns, AReaderFromEndToEndIsLeftAlone) {
  for (const Index rows_before : {0, 300}) {
    Reading served = reading(), plain = reading(false);
    for (Reading* const reading : {&served, &plain}) {
      for (Index i = 0; i < rows_before; ++i) reading->touch(i, 1000);
    }
    const double before = cost(served), before_plain = cost(plain);
    const int stored_before = served.cache().stored();
    for (Reading* const reading : {&served, &plain}) {
      for (Index page = 300 * row() / kPage - 77; page < reading->pages(); ++page) reading->touch_page(page);
    }
    // The first one has left pages in the cache that he did not touch any more; they cut windows.
    const double left_over = rows_before == 0 ? 0 : 128 * 10;
    EXPECT_LT(cost(served) - before, 1.02 * (cost(plain) - before_plain) + left_over) << rows_before;
    EXPECT_LE(served.cache().stored() - stored_before, rows_before == 0 ? 20 : 128) << rows_before;
  }
}

TEST_P(Columns, RandomReadersAreLeftAlone) {
  Reading reading = this->reading();
  std::mt19937 random(1);
  std::uniform_int_distribution<Index> pages(0, reading.pages() - 1);
  for (int i = 0; i < 10'000; ++i) reading.touch_page(pages(random));
  EXPECT_LE(reading.cache().stored(), reading.cache().requests() / 50);
}

TEST_P(Columns, WhereThePagesDoNotStayItSoonStops) {
  Reading reading = this->reading();
  reading.refuse_pushes();
  for (Index i = 0; i < kRows; ++i) reading.touch(i, 1000);
  EXPECT_LE(reading.wanted(), 100);
}

std::string name_of(const testing::TestParamInfo<Geometry>& info) {
  return std::to_string(std::get<0>(info.param)) + "_bytes_window_" + std::to_string(std::get<1>(info.param));
}

INSTANTIATE_TEST_SUITE_P(Rows, Columns,
                         testing::Combine(testing::Values(32'768, 40'000, 49'152, 65'536, 80'000, 128'000,
                                                          131'072, 200'000, 262'144, 1'000'000, 1'048'576),
                                          testing::Values(32, 128)),
                         name_of);

class WideRows : public Columns {
 protected:
  // A single page costs less to ask for than to push.
  double ratio() const { return window() == 1 ? 1.001 : 0.2; }
};

TEST_P(WideRows, ManyReadersAtOnceAreServedEach) {
  expect_cost(
      [&](Reading& reading) {
        for (Index i = 0; i < kRows; ++i) {
          for (const Index column : {Index{8}, row() / 3, row() / 2}) reading.touch(i, column);
        }
      },
      ratio(), 0.7);
  expect_cost(
      [&](Reading& reading) {  // in the same column
        for (Index i = 0; i < kRows / 2; ++i) {
          reading.touch(i, 80);
          reading.touch(i + kRows / 2, 80);
        }
      },
      ratio(), 0.7);
  expect_cost(
      [&](Reading& reading) {  // in both directions
        for (Index i = 0; i < kRows / 2; ++i) {
          reading.touch(i, 80);
          reading.touch(kRows - 1 - i, row() / 2);
        }
      },
      ratio(), 0.7);
}

TEST_P(WideRows, EverySecondOrThirdRowIsServed) {
  for (const Index step : {2, 3}) {
    expect_cost(
        [&](Reading& reading) {
          for (Index i = 0; i < kRows; i += step) reading.touch(i, 80);
        },
        ratio(), 0.7);
  }
}

TEST_P(WideRows, PartsOfRowsThatAreTooWideAreSoonLeftToTheKernel) {
  Reading served = reading(), plain = reading(false);
  for (Reading* const reading : {&served, &plain}) {
    for (Index i = 0; i < kRows; ++i) reading->touch(i, 5000, 14 * kPage);
  }
  EXPECT_LT(cost(served), 1.05 * cost(plain));
}

INSTANTIATE_TEST_SUITE_P(Rows, WideRows,
                         testing::Combine(testing::Values(1'000'000, 1'048'576), testing::Values(1, 32)),
                         name_of);

TEST(StridePredictor, ShortRowsGainNothingAndGetNothing) {
  for (const Index row : {8, 800, 4096, 8'000, 16'384, 24'576}) {
    for (const Index window : {32, 128}) {
      Reading reading(4000, row, window);
      for (Index i = 0; i < 4000; ++i) reading.touch(i, row / 2);
      EXPECT_EQ(reading.cache().stored(), 0) << row;
    }
  }
}

TEST(StridePredictor, ShortRowsWithManyLeftOutAreServed) {
  Reading reading(100'000, 8'000, 32);
  for (Index i = 0; i < 100'000; i += 100) reading.touch(i, 80);
  EXPECT_LT(reading.cache().requests(), 50);
}

TEST(StridePredictor, EveryAxisOfAnArrayCanBeAColumn) {
  const std::vector<Index> strides = {8, 4'000, 400'000, 40'000'000};  // 100 along each of three, and 500
  for (const std::size_t axis : {std::size_t{2}, std::size_t{3}}) {
    StridePredictor predictor(strides, 4'000'000'000, 32);
    PageCacheModel* stored = nullptr;
    PageCacheModel cache(1'000'000, 32, [&](PageRange asked) {
      const auto push = predictor.on_read(asked.begin * kPage, asked.count() * kPage);
      for (Index row = push ? push->begin : 0; push && row < push->end; ++row) {
        const PageRange pages = push->column.pages(row);
        for (Index page = pages.begin; page < pages.end; ++page) stored->store(page);
      }
    });
    stored = &cache;
    for (Index i = 0; i < 100; ++i) cache.touch((80'000'000 + i * strides[axis]) / kPage);
    EXPECT_LT(cache.requests(), 12) << axis;
  }
}

// Several threads take the kernel's requests, and none waits for the other.
TEST(StridePredictor, AReaderFromEndToEndWhoseRequestsOvertakeEachOtherIsLeftAlone) {
  constexpr Index kWindow = 32, kWindows = 2000;
  for (const Index row : {16 << 10, 128 << 10, 512 << 10, 1 << 20}) {
    for (unsigned seed = 0; seed < 20; ++seed) {
      std::mt19937 random(seed);
      StridePredictor predictor(std::vector<Index>{8, row}, kWindows * kWindow * kPage, kWindow);
      std::vector<Index> order(kWindows);
      std::iota(order.begin(), order.end(), 0);
      for (auto at = order.begin(); at + 3 < order.end(); at += 2) std::shuffle(at, at + 3, random);
      int pushes = 0;
      for (const Index number : order) {
        pushes += predictor.on_read(number * kWindow * kPage, kWindow * kPage).has_value();
      }
      EXPECT_LE(pushes, kWindows / 100) << "rows of " << row << " bytes, seed " << seed;
    }
  }
}

TEST(StridePredictor, FilesBeyondAllMeasureAreLeftAlone) {
  const std::vector<Index> strides = {8, Index{1} << 40};
  EXPECT_FALSE(StridePredictor(strides, kMaxIndex, 32).is_of_use());
  EXPECT_FALSE(StridePredictor(std::vector<Index>{8}, 1'000'000, 32).is_of_use());
  StridePredictor predictor(strides, Index{1} << 61, 32);
  ASSERT_TRUE(predictor.is_of_use());
  const Index last = Index{1} << 61;
  for (Index i = 10; i > 0; --i) {
    const auto push = predictor.on_read(last - i * (Index{1} << 40), 32 * kPage);
    EXPECT_TRUE(!push || push->end <= 10);
  }
  EXPECT_FALSE(predictor.on_read(kMaxIndex - kPage + 1, kPage).has_value());
  EXPECT_FALSE(predictor.on_read(17, 100).has_value());
}

}  // namespace
}  // namespace ndcat
