#include "tests/core/random_expression.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <iostream>
#include <numeric>
#include <stdexcept>

#include "core/algebra/algebra.h"
#include "core/casts/conversion.h"
#include "core/reading/reader.h"

namespace ndcat::testing {

namespace {

constexpr ByteOrder kSwapped = kNativeByteOrder == ByteOrder::little ? ByteOrder::big : ByteOrder::little;

Dtype pair_of_fields() {
  Field a{.name = "a",
          .title = "",
          .dtype = Dtype::simple(Kind::signed_integer, 2, kSwapped),
          .shape = {},
          .offset = 0};
  Field b{.name = "b", .title = "", .dtype = Dtype::simple(Kind::floating, 8), .shape = {2}, .offset = 2};
  return *Dtype::structured({a, b}, 18);
}

const std::vector<std::vector<Dtype>>& families() {
  using enum Kind;
  static const std::vector<std::vector<Dtype>> all = {
      {Dtype::boolean(), Dtype::simple(unsigned_integer, 1), Dtype::simple(signed_integer, 2),
       Dtype::simple(signed_integer, 4, kSwapped), Dtype::simple(floating, 4), Dtype::simple(floating, 8),
       Dtype::simple(floating, 8, kSwapped), Dtype::simple(floating, 16), Dtype::simple(complex, 16)},
      {Dtype::simple(signed_integer, 4)},
      {Dtype::simple(floating, 8), Dtype::simple(floating, 8, kSwapped)},
      {Dtype::simple(bytes, 0), Dtype::simple(bytes, 1), Dtype::simple(bytes, 3), Dtype::simple(bytes, 7)},
      {Dtype::simple(unicode, 4), Dtype::simple(unicode, 12, kSwapped)},
      {Dtype::simple(raw, 5)},
      {Dtype::simple(raw, 70)},
      {pair_of_fields(), pair_of_fields().native()},
  };
  return all;
}

/// Replaces `index` by a form of it that means the same to Python.
Index maybe_from_end(Random& random, Index index, Index extent) {
  return random.one_in(3) ? index - extent : index;
}

/// The value, or an exception that fails the test with the message.
ArrayView value_of(Result<ArrayView> result) {
  if (!result) throw std::runtime_error(result.error().message);
  return *std::move(result);
}

std::string to_text(const std::vector<Index>& axes) { return to_string(std::span<const Index>(axes)); }

}  // namespace

std::uint64_t seed_of_run() {
  static const std::uint64_t seed = [] {
    const char* given = std::getenv("NDCAT_SEED");
    const std::uint64_t chosen =
        given != nullptr ? std::strtoull(given, nullptr, 10) : std::random_device()();
    std::cout << "NDCAT_SEED=" << chosen << std::endl;
    return chosen;
  }();
  return seed;
}

Shape RandomExpressions::shape(int max_rank, Index elements) {
  Shape shape;
  for (Index rank = random_.between(0, max_rank); rank > 0; --rank) {
    const Index extent = random_.one_in(20) ? 0 : random_.one_in(4) ? 1 : random_.between(2, 6);
    shape.push_back(std::min(extent, std::max<Index>(elements, 1)));
    elements /= std::max<Index>(extent, 1);
  }
  return shape;
}

void RandomExpressions::choose_family() {
  family_ = static_cast<int>(random_.between(0, static_cast<Index>(families().size()) - 1));
}

Dtype RandomExpressions::dtype() {
  const auto& family = families()[static_cast<std::size_t>(family_)];
  return family[static_cast<std::size_t>(random_.between(0, static_cast<Index>(family.size()) - 1))];
}

Bytes RandomExpressions::element(const Dtype& dtype) {
  Bytes bytes(static_cast<std::size_t>(dtype.itemsize()));
  if (dtype.kind() == Kind::bytes || dtype.kind() == Kind::raw) {
    for (std::byte& byte : bytes) byte = static_cast<std::byte>(random_.between(0, 255));
    if (dtype.is_structured()) {  // no signalling NaN, which arithmetic would make quiet
      bytes[9] = bytes[17] = bytes[2] = bytes[10] = std::byte{1};
    }
    return bytes;
  }
  if (dtype.kind() == Kind::unicode) {
    for (std::size_t i = 0; i < bytes.size(); i += 4) {
      bytes[i + (dtype.byte_order() == ByteOrder::little ? 0 : 3)] =
          static_cast<std::byte>(random_.between(0, 127));
    }
    return bytes;
  }
  // Numbers that every dtype but the smallest can hold; NaN payloads are another test's business.
  const auto number = static_cast<std::int16_t>(random_.between(-30000, 30000));
  Bytes from(sizeof number);
  std::memcpy(from.data(), &number, sizeof number);
  const auto conversion = Conversion::make(Dtype::simple(Kind::signed_integer, 2), dtype);
  EXPECT_TRUE(conversion->run(bytes.data(), 0, from.data(), 0, 1));
  return bytes;
}

Expression RandomExpressions::source(const Shape& shape) {
  const Dtype type = dtype();
  const Order order = random_.one_in(2) ? Order::c : Order::f;
  const Index offset = random_.one_in(2) ? 0 : random_.between(1, 40);
  Bytes bytes(static_cast<std::size_t>(offset), std::byte{0xEE});
  for (Index count = *element_count(shape); count > 0; --count) {
    const Bytes one = element(type);
    bytes.insert(bytes.end(), one.begin(), one.end());
  }
  NaiveArray naive = naive_source(bytes, offset, type, shape, order);
  const SourceId id = sources_.add(std::move(bytes));
  ArrayView view = value_of(source_view(id, sources_.size(id), type, shape, order, SourceOffset{offset}));
  return {std::move(view), std::move(naive),
          "s" + std::to_string(id) + "<" + type.name() + to_string(shape) + static_cast<char>(order) + "+" +
              std::to_string(offset) + ">"};
}

Expression RandomExpressions::full(const Shape& shape) {
  const Dtype type = dtype();
  const Bytes value = element(type);
  return {*full_view(type, shape, value), naive_full(type, shape, value), "full(" + to_string(shape) + ")"};
}

Expression RandomExpressions::concatenation(const Shape& shape, int depth) {
  const int axis = static_cast<int>(random_.between(0, shape.size() - 1));
  std::vector<NaiveArray> naive;
  Concatenation concatenation(random_.one_in(2) ? axis : axis - shape.size());
  std::string text;
  Index rest = shape[axis];
  do {
    Shape part = shape;
    part[axis] = random_.one_in(3) ? rest : random_.between(0, rest);
    rest -= part[axis];
    Expression expression = of_shape(part, depth);
    EXPECT_FALSE(concatenation.add(std::move(expression.view), "the first one"));
    naive.push_back(std::move(expression.naive));
    text += (text.empty() ? "concatenate([" : ", ") + expression.text;
  } while (rest > 0);
  ArrayView view = value_of(std::move(concatenation).finish());
  const Dtype dtype = view.dtype;
  return {std::move(view), naive_concatenate(naive, axis, dtype), text + "], " + std::to_string(axis) + ")"};
}

Expression RandomExpressions::stacking(const Shape& shape, int depth) {
  const int axis = static_cast<int>(random_.between(0, shape.size() - 1));
  if (shape[axis] == 0) return source(shape);
  Shape part = shape;
  part.erase(axis);
  std::vector<ArrayView> views;
  std::vector<NaiveArray> naive;
  std::string text;
  for (Index i = 0; i < shape[axis]; ++i) {
    Expression expression = of_shape(part, depth);
    views.push_back(std::move(expression.view));
    naive.push_back(naive_new_axis(std::move(expression.naive), axis));
    text += (text.empty() ? "stack([" : ", ") + expression.text;
  }
  ArrayView view = value_of(stack(std::move(views), random_.one_in(2) ? axis : axis - shape.size()));
  const Dtype dtype = view.dtype;
  return {std::move(view), naive_concatenate(naive, axis, dtype), text + "], " + std::to_string(axis) + ")"};
}

Expression RandomExpressions::selection(const Shape& shape, int depth) {
  Shape inner;
  Selection items;
  const auto integer = [&] {
    const Index extent = random_.between(1, 4);
    inner.push_back(extent);
    items.emplace_back(maybe_from_end(random_, random_.between(0, extent - 1), extent));
  };
  for (const Index extent : shape) {
    if (random_.one_in(6) && inner.size() < 8) integer();
    if (extent == 1 && random_.one_in(2)) {
      items.emplace_back(NewAxis{});
      continue;
    }
    Slice slice;
    const Index step = random_.one_in(2) ? 1 : random_.between(1, 3);
    const Index before = random_.between(0, 2), after = random_.between(0, 2);
    const Index inner_extent =
        extent == 0 ? before : before + (extent - 1) * step + 1 + std::min(after, step - 1 + after);
    inner.push_back(inner_extent);
    if (extent == 0) {
      slice.start = slice.stop = before;
    } else if (const Index last = before + (extent - 1) * step; random_.one_in(2)) {
      slice.start = maybe_from_end(random_, before, inner_extent);
      slice.stop = last + 1;
      slice.step = step;
    } else {
      slice.start = maybe_from_end(random_, last, inner_extent);
      if (before > 0) slice.stop = before - 1;
      slice.step = -step;
    }
    items.emplace_back(slice);
  }
  if (random_.one_in(4)) integer();
  if (random_.one_in(3))
    items.insert(items.begin() + random_.between(0, static_cast<Index>(items.size())), Ellipsis{});
  Expression expression = of_shape(inner, depth);
  ArrayView view = value_of(select(std::move(expression.view), items));
  return {std::move(view), naive_select(expression.naive, items),
          expression.text + "[" + to_string(items) + "]"};
}

Expression RandomExpressions::transposition(const Shape& shape, int depth) {
  std::vector<Index> axes(static_cast<std::size_t>(shape.size()));
  std::iota(axes.begin(), axes.end(), 0);
  for (std::size_t i = axes.size(); i > 1; --i) {
    std::swap(axes[i - 1], axes[static_cast<std::size_t>(random_.between(0, static_cast<Index>(i) - 1))]);
  }
  Shape inner = shape;
  for (int i = 0; i < shape.size(); ++i)
    inner[static_cast<int>(axes[static_cast<std::size_t>(i)])] = shape[i];
  Expression expression = of_shape(inner, depth);
  ArrayView view = value_of(transpose(std::move(expression.view), axes));
  return {std::move(view), naive_transpose(expression.naive, axes),
          expression.text + ".transpose" + to_text(axes)};
}

Expression RandomExpressions::cast(const Shape& shape, int depth) {
  Expression expression = of_shape(shape, depth);
  const Dtype type = dtype();
  ArrayView view = value_of(astype(std::move(expression.view), type));
  const Dtype fitted_type = view.dtype;  // "S" takes the width of the array
  return {std::move(view), naive_astype(std::move(expression.naive), fitted_type),
          expression.text + ".astype(" + type.name() + ")"};
}

Expression RandomExpressions::of_shape(const Shape& shape, int depth) {
  // Selections make what is below them larger, time and again.
  constexpr Index kEnough = 1000;
  if (depth <= 0 || *element_count(shape) > kEnough) return random_.one_in(6) ? full(shape) : source(shape);
  switch (random_.between(0, 7)) {
    case 0:
      return source(shape);
    case 1:
      return full(shape);
    case 2:
      return cast(shape, depth - 1);
    case 3:
      return transposition(shape, depth - 1);
    case 4:
      return selection(shape, depth - 1);
    case 5:
      return shape.empty() ? selection(shape, depth - 1) : stacking(shape, depth - 1);
    default:
      return shape.empty() ? selection(shape, depth - 1) : concatenation(shape, depth - 1);
  }
}

Bytes read_bytes(const FileLayout& layout, MemorySources& sources, Index begin, Index length) {
  Bytes out(static_cast<std::size_t>(length), std::byte{0xA5});
  EXPECT_TRUE(read(layout, VirtualOffset{begin}, out, sources).status == ReadStatus::ok);
  return out;
}

}  // namespace ndcat::testing
