// The laws of ArrayWriter on random expressions: what was written is read, and nothing else has changed.
#include <gtest/gtest.h>

#include <numeric>
#include <set>

#include "core/writing/array_writer.h"
#include "core/writing/writability.h"
#include "tests/core/kernel_targets.h"
#include "tests/core/random_expression.h"

namespace ndcat::testing {
namespace {

/// Sources as vectors that can be written; remembers which bytes were.
class MemorySink : public SourceSink {
 public:
  explicit MemorySink(std::vector<Bytes> sources) : sources_(std::move(sources)) {}

  bool write(SourceId source, SourceOffset offset, std::span<const std::byte> bytes) override {
    const Index begin = static_cast<Index>(offset);
    Bytes& all = sources_.at(source);
    if (bytes.empty() || begin < 0 || begin + std::ssize(bytes) > std::ssize(all)) {
      ADD_FAILURE() << "a write of " << bytes.size() << " bytes at " << begin << " of " << all.size();
      return false;
    }
    for (Index i = 0; i < std::ssize(bytes); ++i) touched_.emplace(source, begin + i);
    std::ranges::copy(bytes, all.begin() + begin);
    return true;
  }
  bool read(SourceId source, SourceOffset offset, std::span<std::byte> out) override {
    const Index begin = static_cast<Index>(offset);
    const Bytes& all = sources_.at(source);
    std::copy_n(all.begin() + begin, out.size(), out.begin());
    return begin + std::ssize(out) <= std::ssize(all);
  }
  void begin_change(SourceId, SourceOffset) override { ++changes_; }
  void end_change() override { --changes_; }

  [[nodiscard]] const std::vector<Bytes>& sources() const { return sources_; }
  [[nodiscard]] int open_changes() const { return changes_; }
  std::set<std::pair<SourceId, Index>> take_touched() { return std::exchange(touched_, {}); }

 private:
  std::vector<Bytes> sources_;
  std::set<std::pair<SourceId, Index>> touched_;
  int changes_ = 0;
};

Bytes read_all(const FileLayout& layout, const std::vector<Bytes>& contents) {
  MemorySources sources;
  for (const Bytes& bytes : contents) sources.add(bytes);
  return read_bytes(layout, sources, 0, layout.size());
}

/// Of the sources that the view's pieces come from, and those before them.
std::vector<Bytes> contents_of(const ArrayView& view, const MemorySources& sources) {
  std::vector<Bytes> contents;
  for (std::size_t i = 0; i < view.pieces.size(); ++i) {
    const Piece piece = view.pieces[i];
    while (!piece.is_fill() && contents.size() <= piece.source) {
      contents.push_back(sources.all_of(static_cast<SourceId>(contents.size())));
    }
  }
  return contents;
}

/// Other elements that the sources could hold.
std::vector<Bytes> shuffled(Random& random, std::vector<Bytes> contents) {
  for (Bytes& bytes : contents) {
    if (bytes.size() < 8) continue;
    // Whole elements of any dtype here go round in steps of their size; of text and structures, any bytes do.
    std::rotate(bytes.begin(), bytes.begin() + random.between(0, std::ssize(bytes) / 8) * 8, bytes.end());
  }
  return contents;
}

Bytes any_bytes(Random& random, Index size) {
  Bytes bytes(static_cast<std::size_t>(size));
  for (std::byte& byte : bytes) byte = static_cast<std::byte>(random.between(0, 255));
  return bytes;
}

struct Case {
  FileLayout layout;
  ArrayWriter writer;
  MemorySink sink;
  Bytes model;
};

void write_some(Random& random, Case& test, const Bytes& wanted, int& refused) {
  const Index size = test.layout.size();
  const Index begin = random.between(0, size), end = random.between(begin, size);
  SCOPED_TRACE("[" + std::to_string(begin) + ", " + std::to_string(end) + ")");
  const auto part =
      std::span(wanted).subspan(static_cast<std::size_t>(begin), static_cast<std::size_t>(end - begin));
  const std::vector<Bytes> before = test.sink.sources();
  const WriteResult checked = test.writer.check(VirtualOffset{begin}, part, test.sink);
  ASSERT_EQ(before, test.sink.sources());
  if (!checked) {
    ASSERT_EQ(checked.status, WriteStatus::not_exact);
    ++refused;
    return;
  }
  ASSERT_TRUE(test.writer.write(VirtualOffset{begin}, part, test.sink));
  std::ranges::copy(part, test.model.begin() + begin);
  ASSERT_EQ(read_all(test.layout, test.sink.sources()), test.model);
}

TEST(WritingLaws, WhatWasWrittenIsReadAndAllElseIsAsItWas) {
  int writable = 0, refused = 0;
  for (int i = 0; i < 6000; ++i) {
    SCOPED_TRACE("NDCAT_SEED=" + std::to_string(seed_of_run()) + ", case " + std::to_string(i));
    const KernelsOf kernels(kernel_target_of_case(static_cast<std::uint64_t>(i)));
    Random random(seed_of_run() + static_cast<std::uint64_t>(i));
    MemorySources sources;
    RandomExpressions expressions(random, sources);
    expressions.choose_family();
    const Expression expression =
        expressions.of_shape(expressions.shape(4, 100), static_cast<int>(random.between(0, 3)));
    SCOPED_TRACE(expression.text);
    const std::vector<Bytes> contents = contents_of(expression.view, sources);
    std::vector<std::uint32_t> files(contents.size());
    std::iota(files.begin(), files.end(), 0);
    if (find_write_obstacle(expression.view, files)) continue;
    ++writable;
    auto layout = FileLayout::plan(expression.view, random.one_in(2) ? Order::c : Order::f);
    ASSERT_TRUE(layout.ok());
    auto writer = ArrayWriter::make(*layout);
    ASSERT_TRUE(writer.ok()) << writer.error().message;
    MemorySink sink(contents);
    Case test{*std::move(layout), *std::move(writer), std::move(sink), {}};
    test.writer = *ArrayWriter::make(test.layout);
    test.model = read_all(test.layout, contents);
    const Bytes wanted = read_all(test.layout, shuffled(random, contents));
    for (int k = 0; k < 6; ++k) {
      // Any bytes at all, too: most casts refuse them.
      const bool is_anything = k == 5;
      write_some(random, test, is_anything ? any_bytes(random, test.layout.size()) : wanted, refused);
      if (::testing::Test::HasFailure()) return;
    }
    ASSERT_EQ(test.sink.open_changes(), 0);
    // Whatever was touched lies in the view: all of it again, and nothing new is touched.
    const auto touched = test.sink.take_touched();
    ASSERT_TRUE(test.writer.write(VirtualOffset{0}, test.model, test.sink));
    const auto all = test.sink.take_touched();
    ASSERT_TRUE(std::ranges::includes(all, touched));
    ASSERT_EQ(read_all(test.layout, test.sink.sources()), test.model);
  }
  EXPECT_GT(writable, 500);
  EXPECT_GT(refused, 10);
}

}  // namespace
}  // namespace ndcat::testing
