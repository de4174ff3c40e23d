#include "core/reading/gather.h"

#include <gtest/gtest.h>

#include "tests/core/kernel_targets.h"
#include "tests/core/random_expression.h"

namespace ndcat {
namespace {

using testing::Bytes;
using testing::for_each_index;

/// A block with strides of both signs within a source and a reply of just the right size.
struct Case {
  BlockShape shape;
  Index from_itemsize = 1, to_itemsize = 1;
  Bytes from, to;
  Index from_first = 0, to_first = 0;  // positions of the first element
};

/// Lays the axes out in a random order, with gaps (half of them of whole elements), some of them backwards;
/// returns the size. The smallest stride is the itemsize.
Index lay_out(testing::Random& random, const Indices& extents, Index itemsize, bool may_go_back,
              Indices& strides, Index& first) {
  std::vector<int> axes;
  for (int axis = 0; axis < extents.size(); ++axis) axes.insert(axes.begin() + random.between(0, axis), axis);
  strides = Indices::filled(extents.size(), 0);
  Index size = itemsize;
  first = 0;
  for (const int axis : axes) {
    const Index gap = random.one_in(3) ? random.between(1, 5) : 0;
    const Index stride = size + gap * (random.one_in(2) ? itemsize : 1);
    const Index reach = stride * (extents[axis] - 1);
    const bool back = may_go_back && random.one_in(3);
    strides[axis] = back ? -stride : stride;
    if (back) first += reach;
    size += reach;
  }
  return size;
}

Index random_itemsize(testing::Random& random) {
  constexpr Index kItemsizes[] = {1, 2, 3, 4, 5, 6, 8, 12, 16, 17, 24, 32, 63, 64, 100};
  return kItemsizes[random.between(0, std::ssize(kItemsizes) - 1)];
}

Case random_case(testing::Random& random, Index from_itemsize, Index to_itemsize) {
  Case made;
  made.from_itemsize = from_itemsize;
  made.to_itemsize = to_itemsize;
  Index elements = std::min<Index>(3000, 40000 / from_itemsize);
  for (Index rank = random.between(0, 4); rank > 0; --rank) {
    const Index extent =
        random.between(2, std::max<Index>(2, std::min<Index>(elements, random.one_in(2) ? 9 : 300)));
    made.shape.extents.push_back(extent);
    elements /= extent;
  }
  const Index from_size =
      lay_out(random, made.shape.extents, from_itemsize, true, made.shape.from_strides, made.from_first);
  const Index to_size =
      lay_out(random, made.shape.extents, to_itemsize, false, made.shape.to_strides, made.to_first);
  made.from.resize(static_cast<std::size_t>(from_size));
  for (std::byte& byte : made.from) byte = static_cast<std::byte>(random.between(0, 255));
  made.to.assign(static_cast<std::size_t>(to_size), std::byte{0xA5});
  return made;
}

Index offset_of(const Indices& index, const Indices& strides) {
  Index offset = 0;
  for (int axis = 0; axis < index.size(); ++axis) offset += index[axis] * strides[axis];
  return offset;
}

/// What `to` must hold when every element is `element_of(index)`.
template <class ElementOf>
Bytes expected(const Case& block, ElementOf element_of) {
  Bytes to = block.to;
  for_each_index(block.shape.extents, [&](const Indices& index) {
    const std::byte* element = element_of(index);
    std::copy_n(element, block.to_itemsize,
                to.begin() + block.to_first + offset_of(index, block.shape.to_strides));
  });
  return to;
}

/// Calls body(random) for each case.
template <class Body>
void for_random_cases(Body body) {
  for (std::uint64_t i = 0; i < 3000; ++i) {
    SCOPED_TRACE("NDCAT_SEED=" + std::to_string(testing::seed_of_run()) + ", case " + std::to_string(i));
    const testing::KernelsOf kernels(testing::kernel_target_of_case(i));
    testing::Random random(testing::seed_of_run() + i);
    body(random);
    if (::testing::Test::HasFailure()) return;
  }
}

TEST(Gather, CopiesEveryElementAndNothingElse) {
  for_random_cases([](testing::Random& random) {
    const Index itemsize = random_itemsize(random);
    Case block = random_case(random, itemsize, itemsize);
    const Bytes wanted = expected(block, [&](const Indices& index) {
      return block.from.data() + block.from_first + offset_of(index, block.shape.from_strides);
    });
    copy_block(block.to.data() + block.to_first, block.from.data() + block.from_first, block.shape, itemsize);
    EXPECT_EQ(block.to, wanted);
  });
}

TEST(Gather, FillsEveryElementAndNothingElse) {
  for_random_cases([](testing::Random& random) {
    const Index itemsize = random_itemsize(random);
    Case block = random_case(random, itemsize, itemsize);
    const Bytes wanted = expected(block, [&](const Indices&) { return block.from.data(); });
    fill_block(block.to.data() + block.to_first, block.from.data(), block.shape, itemsize);
    EXPECT_EQ(block.to, wanted);
  });
}

TEST(Gather, FillsLongRunsOfAnyItemsize) {
  for (const Index itemsize : {1, 3, 8, 18, 5000, 20000}) {
    const Index count = 100000 / itemsize + 1;
    Bytes element(static_cast<std::size_t>(itemsize));
    for (std::size_t i = 0; i < element.size(); ++i) element[i] = static_cast<std::byte>(i * 7 + 1);
    Bytes to(static_cast<std::size_t>(itemsize * count));
    fill_block(to.data(), element.data(), {.extents = {count}, .from_strides = {0}, .to_strides = {itemsize}},
               itemsize);
    for (std::size_t i = 0; i < to.size(); ++i) ASSERT_EQ(to[i], element[i % element.size()]);
  }
}

Dtype number(Kind kind, Index size, ByteOrder order = ByteOrder::little) {
  return Dtype::simple(kind, size, order);
}

/// Casts of all sorts of sizes: swaps, numbers, two steps, bytes to text, a structure.
Conversion random_conversion(testing::Random& random) {
  static const Dtype pair = *Dtype::structured(
      {{"a", "", number(Kind::floating, 4), {}, 0}, {"b", "", number(Kind::unsigned_integer, 1), {}, 4}}, 6);
  static const Dtype wide_pair = *Dtype::structured(
      {{"a", "", number(Kind::floating, 8), {}, 0}, {"b", "", number(Kind::signed_integer, 2), {}, 8}}, 10);
  static const std::pair<Dtype, Dtype> casts[] = {
      {number(Kind::unsigned_integer, 2, ByteOrder::big), number(Kind::unsigned_integer, 2)},
      {number(Kind::complex, 16, ByteOrder::big), number(Kind::complex, 16)},
      {number(Kind::floating, 4, ByteOrder::big), number(Kind::floating, 8)},
      {number(Kind::floating, 4), number(Kind::floating, 8, ByteOrder::big)},
      {number(Kind::floating, 8), number(Kind::floating, 4)},
      {number(Kind::unsigned_integer, 1), number(Kind::floating, 4)},
      {number(Kind::signed_integer, 8), number(Kind::signed_integer, 2)},
      {number(Kind::floating, 2), number(Kind::complex, 8)},
      {Dtype::simple(Kind::bytes, 3), Dtype::simple(Kind::bytes, 5)},
      {Dtype::simple(Kind::bytes, 3000), Dtype::simple(Kind::bytes, 7)},
      {pair, wide_pair},
  };
  const auto& [from, to] = casts[random.between(0, std::ssize(casts) - 1)];
  return *Conversion::make(from, to);
}

TEST(Gather, ConvertsEveryElementAndNothingElse) {
  for_random_cases([](testing::Random& random) {
    const Conversion conversion = random_conversion(random);
    Case block = random_case(random, conversion.from_itemsize(), conversion.to_itemsize());
    Bytes element(static_cast<std::size_t>(conversion.to_itemsize()));
    const Bytes wanted = expected(block, [&](const Indices& index) {
      const std::byte* original =
          block.from.data() + block.from_first + offset_of(index, block.shape.from_strides);
      EXPECT_TRUE(conversion.run(element.data(), 0, original, 0, 1));
      return element.data();
    });
    EXPECT_TRUE(convert_block(block.to.data() + block.to_first, block.from.data() + block.from_first,
                              block.shape, conversion));
    EXPECT_EQ(block.to, wanted);
  });
}

TEST(Gather, SaysWhenAnElementHasNoValueWhereverItIs) {
  const auto text = Conversion::make(Dtype::simple(Kind::bytes, 1), Dtype::simple(Kind::unicode, 4));
  for_random_cases([&](testing::Random& random) {
    Case block = random_case(random, 1, 4);
    for (std::byte& byte : block.from) byte &= std::byte{0x7F};
    const auto run = [&block, &text] {
      return convert_block(block.to.data() + block.to_first, block.from.data() + block.from_first,
                           block.shape, *text);
    };
    EXPECT_TRUE(run());
    Indices bad = block.shape.extents;
    for (Index& at : bad) at = random.between(0, at - 1);
    block.from[static_cast<std::size_t>(block.from_first + offset_of(bad, block.shape.from_strides))] =
        std::byte{0xFF};
    EXPECT_FALSE(run());
  });
}

}  // namespace
}  // namespace ndcat
