#include "fs/files/read_streams.h"

#include <gtest/gtest.h>

#include <utility>

namespace ndcat {
namespace {

constexpr Index kKibi = Index{1} << 10, kMebi = Index{1} << 20;
constexpr Index kSize = Index{1} << 30;

ByteRange range(Index begin, Index length) { return {.begin = VirtualOffset{begin}, .length = length}; }
Index begin_of(ByteRange range) { return static_cast<Index>(range.begin); }
Index end_of(ByteRange range) { return begin_of(range) + range.length; }

ReadStreams::BroughtIn cold(std::vector<SourcePages> owned = {}) { return {true, std::move(owned)}; }
ReadStreams::BroughtIn warm() { return {}; }

/// Reads that come one after the other, by requests of one length.
class Reader {
 public:
  Reader(ReadStreams& streams, Index position, Index request)
      : streams_(streams), position_(position), request_(request) {}

  ReadStreams::Next next(ReadStreams::BroughtIn brought_in) {
    ReadStreams::Next next = streams_.next(range(position_, request_), std::move(brought_in));
    position_ += request_;
    if (next.ahead.length > 0) {
      ahead_.push_back(next.ahead);
      streams_.was_read_ahead(next.stream, next.ahead, cold());
    }
    return next;
  }
  [[nodiscard]] Index position() const { return position_; }
  [[nodiscard]] const std::vector<ByteRange>& ahead() const { return ahead_; }

 private:
  ReadStreams& streams_;
  Index position_;
  const Index request_;
  std::vector<ByteRange> ahead_;
};

TEST(ReadStreams, ASequentialReaderIsReadAheadWithoutGapsOrRepetition) {
  ReadStreams streams(kSize, ReadStreams::kLag);
  Reader reader(streams, 0, 128 * kKibi);
  reader.next(cold());
  while (reader.position() < 100 * kMebi) {
    // From the first read ahead on, everything is in memory when it is read.
    const bool is_there =
        !reader.ahead().empty() && end_of(reader.ahead().back()) >= reader.position() + 128 * kKibi;
    reader.next(is_there ? warm() : cold());
  }
  const auto& ahead = reader.ahead();
  ASSERT_FALSE(ahead.empty());
  EXPECT_LE(begin_of(ahead.front()), kMebi);
  for (std::size_t i = 1; i < ahead.size(); ++i) EXPECT_EQ(begin_of(ahead[i]), end_of(ahead[i - 1]));
  EXPECT_GT(end_of(ahead.back()), reader.position() + ReadStreams::kLongestAhead / 2);
  EXPECT_LE(end_of(ahead.back()), reader.position() + ReadStreams::kLongestAhead);
  EXPECT_LT(ahead.size(), 80u);
}

TEST(ReadStreams, NoMoreIsReadAheadThanHalfOfWhatWasRead) {
  ReadStreams streams(kSize, ReadStreams::kLag);
  Reader reader(streams, 5 * kMebi, 64 * kKibi);
  for (int i = 0; i < 40; ++i) {
    reader.next(cold());
    if (reader.ahead().empty()) continue;
    const Index read = reader.position() - 5 * kMebi;
    EXPECT_LE(end_of(reader.ahead().back()) - reader.position(), read / 2);
  }
  EXPECT_FALSE(reader.ahead().empty());
}

TEST(ReadStreams, NothingIsReadAheadPastTheEnd) {
  ReadStreams streams(3 * kMebi + 5, ReadStreams::kLag);
  Reader reader(streams, 0, kMebi);
  for (int i = 0; i < 3; ++i) reader.next(cold());
  ASSERT_FALSE(reader.ahead().empty());
  EXPECT_EQ(end_of(reader.ahead().back()), 3 * kMebi + 5);
  EXPECT_EQ(streams.next(range(3 * kMebi, 5), cold()).ahead.length, 0);
}

TEST(ReadStreams, NothingIsReadAheadOfWhatIsInMemory) {
  ReadStreams streams(kSize, ReadStreams::kLag);
  Reader reader(streams, 0, kMebi);
  for (int i = 0; i < 50; ++i) EXPECT_EQ(reader.next(warm()).ahead.length, 0);
}

TEST(ReadStreams, ReadingAheadEndsWhereMemoryBeginsAndBeginsAnewBehindIt) {
  ReadStreams streams(kSize, ReadStreams::kLag);
  for (Index at = 0; at < 8; ++at) {
    const ReadStreams::Next next = streams.next(range(at * kMebi, kMebi), cold());
    if (next.ahead.length > 0) streams.was_read_ahead(next.stream, next.ahead, warm());
  }
  for (Index at = 8; at < 20; ++at) EXPECT_EQ(streams.next(range(at * kMebi, kMebi), warm()).ahead.length, 0);
  EXPECT_GT(streams.next(range(20 * kMebi, kMebi), cold()).ahead.length, 0);
}

TEST(ReadStreams, RandomAndStridedReadsAreNoStreams) {
  ReadStreams streams(kSize, ReadStreams::kLag);
  for (Index i = 0; i < 500; ++i) {
    EXPECT_EQ(streams.next(range(i * 77'777'777 % (kSize - kMebi), 128 * kKibi), cold()).ahead.length, 0);
  }
  for (const Index stride : {160 * kKibi, 256 * kKibi, kMebi, 3 * kMebi}) {
    ReadStreams columns(kSize, ReadStreams::kLag);
    for (Index i = 0; i < 300; ++i) {
      EXPECT_EQ(columns.next(range(i * stride, 128 * kKibi), cold()).ahead.length, 0) << stride;
    }
  }
}

TEST(ReadStreams, RequestsMayOvertakeEachOther) {
  ReadStreams streams(kSize, ReadStreams::kLag);
  Index ahead = 0;
  for (Index group = 0; group < 8; ++group) {
    for (const Index i : {2, 0, 1, 3}) {
      ahead = std::max(ahead,
                       end_of(streams.next(range((4 * group + i) * 256 * kKibi, 256 * kKibi), cold()).ahead));
    }
  }
  EXPECT_GT(ahead, 8 * kMebi);
}

TEST(ReadStreams, SeveralReadersOfAFileAreStreamsOfTheirOwn) {
  ReadStreams streams(kSize, ReadStreams::kLag);
  std::vector<Reader> readers;
  for (Index i = 0; i < 6; ++i) readers.emplace_back(streams, i * 100 * kMebi, 128 * kKibi);
  for (int round = 0; round < 20; ++round) {
    for (Reader& reader : readers) reader.next(cold());
  }
  for (const Reader& reader : readers) EXPECT_FALSE(reader.ahead().empty());
}

TEST(ReadStreams, PagesAreGivenBackOnceTheReaderIsPastThem) {
  ReadStreams streams(kSize, 4 * kMebi);
  std::vector<SourcePages> given_back;
  for (Index i = 0; i < 20; ++i) {
    const SourcePages own = {7, i * kMebi, (i + 1) * kMebi};
    const ReadStreams::Next next = streams.next(range(i * kMebi, kMebi), cold({own}));
    for (const SourcePages& pages : next.behind) {
      EXPECT_LE(pages.end, i * kMebi - 4 * kMebi);
      given_back.push_back(pages);
    }
    if (next.ahead.length > 0) streams.was_read_ahead(next.stream, next.ahead, cold());
  }
  ASSERT_EQ(given_back.size(), 15u);
  for (std::size_t i = 0; i < given_back.size(); ++i) {
    const Index at = static_cast<Index>(i) * kMebi;
    EXPECT_EQ(given_back[i], (SourcePages{7, at, at + kMebi}));
  }
}

TEST(ReadStreams, OfRandomReadsNothingIsGivenBack) {
  ReadStreams streams(kSize, 4 * kMebi);
  for (Index i = 0; i < 500; ++i) {
    const Index at = i * 77'777'777 % (kSize - kMebi);
    EXPECT_TRUE(streams.next(range(at, kKibi), cold({{0, at, at + kKibi}})).behind.empty());
  }
}

TEST(ReadStreams, ALagOfNothingGivesBackWithTheNextRead) {
  ReadStreams streams(kSize, 0);
  EXPECT_TRUE(streams.next(range(0, 100), cold({{0, 0, 4096}})).behind.empty());
  EXPECT_EQ(streams.next(range(100, 100), warm()).behind.size(), 1u);
}

}  // namespace
}  // namespace ndcat
