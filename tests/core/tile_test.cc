// copy_tile_for against copying element by element: every pattern that has a kernel of its own, and others.
#include "core/kernels/tile.h"

#include <gtest/gtest.h>

#include <cstdlib>

#include "tests/core/kernel_targets.h"
#include "tests/core/random_expression.h"

namespace ndcat {
namespace {

using testing::Bytes;
using testing::kernel_target_of_case;
using testing::KernelsOf;

/// Memory of just the size that one side of a tile needs, at any alignment, so that a sanitizer sees every
/// byte beyond.
class Side {
 public:
  Side(Index rows, Index columns, Index unit, TileSide strides) : strides_(strides) {
    const Index row_reach = strides.row_stride * (rows - 1);
    const Index column_reach = strides.column_stride * (columns - 1);
    first_ = -std::min<Index>(row_reach, 0) - std::min<Index>(column_reach, 0);
    size_ = static_cast<std::size_t>(std::abs(row_reach) + std::abs(column_reach) + unit);
  }
  [[nodiscard]] std::size_t size() const { return size_; }
  [[nodiscard]] Index at(Index row, Index column) const {
    return first_ + row * strides_.row_stride + column * strides_.column_stride;
  }
  [[nodiscard]] TileSide strides() const { return strides_; }

 private:
  TileSide strides_;
  Index first_ = 0;
  std::size_t size_ = 0;
};

Bytes noise(testing::Random& random, std::size_t size) {
  Bytes bytes(size);
  for (std::byte& byte : bytes) byte = static_cast<std::byte>(random.between(0, 255));
  return bytes;
}

/// The vector begins at an address that is no multiple of anything; its end is that of the allocation.
class Unaligned {
 public:
  Unaligned(const Bytes& bytes, Index shift) : shift_(shift), bytes_(static_cast<std::size_t>(shift)) {
    bytes_.insert(bytes_.end(), bytes.begin(), bytes.end());
    bytes_.shrink_to_fit();
  }
  std::byte* data() { return bytes_.data() + shift_; }
  [[nodiscard]] Bytes bytes() const { return {bytes_.begin() + shift_, bytes_.end()}; }

 private:
  Index shift_;
  Bytes bytes_;
};

void expect_copied(testing::Random& random, Index rows, Index columns, Index unit, const Side& to_side,
                   const Side& from_side) {
  SCOPED_TRACE(std::to_string(rows) + " x " + std::to_string(columns) + " elements of " +
               std::to_string(unit) + " bytes; to " + std::to_string(to_side.strides().row_stride) + ", " +
               std::to_string(to_side.strides().column_stride) + "; from " +
               std::to_string(from_side.strides().row_stride) + ", " +
               std::to_string(from_side.strides().column_stride));
  Unaligned from(noise(random, from_side.size()), random.between(0, 17));
  const Bytes before = noise(random, to_side.size());
  Unaligned to(before, random.between(0, 17));
  Bytes wanted = before;
  for (Index row = 0; row < rows; ++row) {
    for (Index column = 0; column < columns; ++column) {
      std::copy_n(from.data() + from_side.at(row, column), unit, wanted.begin() + to_side.at(row, column));
    }
  }
  const CopyTile copy = copy_tile_for(unit, to_side.strides(), from_side.strides());
  copy(to.data() + to_side.at(0, 0), to_side.strides(), from.data() + from_side.at(0, 0), from_side.strides(),
       rows, columns, unit);
  EXPECT_EQ(to.bytes(), wanted);
}

constexpr Index kUnits[] = {1, 2, 4, 8, 16, 3, 5, 7, 9, 12, 15, 17, 24, 31, 32, 33, 63, 64, 65, 100};

/// A few columns, or enough for several of the widest vectors and a rest.
Index some_columns(testing::Random& random) {
  return random.one_in(3) ? random.between(1, 20) : random.between(1, 400);
}

template <class Body>
void for_cases(std::uint64_t count, Body body) {
  for (std::uint64_t i = 0; i < count; ++i) {
    const KernelsOf kernels(kernel_target_of_case(i));
    SCOPED_TRACE("NDCAT_SEED=" + std::to_string(testing::seed_of_run()) + ", case " + std::to_string(i));
    testing::Random random(testing::seed_of_run() + i);
    body(random, kUnits[random.one_in(4) ? random.between(5, std::ssize(kUnits) - 1) : random.between(0, 4)]);
    if (::testing::Test::HasFailure()) return;
  }
}

TEST(Tile, CopiesRowsWithAnySteps) {
  for_cases(4000, [](testing::Random& random, Index unit) {
    const Index rows = random.between(1, 3), columns = some_columns(random);
    // One side is dense more often than not.
    const Index to_step = random.one_in(2) ? 1 : random.between(1, 9);
    const Index from_step = random.one_in(2) ? 1 : random.between(0, 9);
    const Index to_column = (random.one_in(3) ? -unit : unit) * to_step;
    const Index from_column = (random.one_in(3) ? -unit : unit) * from_step;
    const Index odd = random.one_in(10) ? random.between(1, 3) : 0;
    const TileSide to{.row_stride = to_step * unit * columns + odd, .column_stride = to_column};
    const TileSide from{.row_stride = from_step * unit * columns + unit, .column_stride = from_column + odd};
    expect_copied(random, rows, columns, unit, {rows, columns, unit, to}, {rows, columns, unit, from});
  });
}

TEST(Tile, CopiesEveryCountOfElements) {
  // Every border between vectors and what is left after them.
  for (const std::string& target : kernel_targets()) {
    const KernelsOf kernels(target);
    testing::Random random(testing::seed_of_run());
    for (const Index unit : {1, 2, 4, 8}) {
      for (const auto& [to_step, from_step] :
           {std::pair<Index, Index>{2, 1}, {3, 1}, {8, 1}, {1, 2}, {1, 3}, {1, 8}, {-1, 1}, {-1, 2}}) {
        for (Index columns = 1; columns <= 2 * 64 / unit + 2; ++columns) {
          const TileSide to{.column_stride = to_step * unit}, from{.column_stride = from_step * unit};
          expect_copied(random, 1, columns, unit, {1, columns, unit, to}, {1, columns, unit, from});
        }
      }
    }
  }
}

TEST(Tile, TransposesAnyRectangle) {
  for_cases(1500, [](testing::Random& random, Index unit) {
    const Index rows = random.one_in(3) ? random.between(1, 20) : random.between(1, 140);
    const Index columns = random.one_in(3) ? random.between(1, 20) : random.between(1, 140);
    const Index to_gap = random.between(0, 1) * random.between(0, 9);
    const Index from_gap = random.between(0, 1) * random.between(0, 9);
    const Index to_row = columns * unit + to_gap, from_column = rows * unit + from_gap;
    const TileSide to{.row_stride = random.one_in(3) ? -to_row : to_row, .column_stride = unit};
    const TileSide from{.row_stride = unit, .column_stride = random.one_in(3) ? -from_column : from_column};
    expect_copied(random, rows, columns, unit, {rows, columns, unit, to}, {rows, columns, unit, from});
  });
}

TEST(Tile, KernelsAreNamedAndChosenByName) {
  const std::vector<std::string> targets = kernel_targets();
  ASSERT_FALSE(targets.empty());
  const TileSide dense{.column_stride = 1}, reversed{.column_stride = -1};
  const CopyTile best = copy_tile_for(1, reversed, dense);
  for (const std::string& target : targets) {
    const KernelsOf kernels(target);
    EXPECT_EQ(copy_tile_for(1, reversed, dense) == best, target == targets.front());
  }
  EXPECT_EQ(copy_tile_for(1, reversed, dense), best);
}

}  // namespace
}  // namespace ndcat
