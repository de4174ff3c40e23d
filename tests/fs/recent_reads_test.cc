#include "fs/files/recent_reads.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <vector>

namespace ndcat {
namespace {

constexpr Index kRequest = 128 << 10;

/// As "new", or the direction and how much was read so far, in requests.
std::string note(RecentReads& reads, Index begin, Index length = kRequest) {
  const RecentReads::Verdict verdict = reads.note(begin, begin + length);
  if (!verdict.continues) return "new";
  return (verdict.is_backward ? "backward " : "forward ") + std::to_string(verdict.length / kRequest);
}

TEST(RecentReads, TellReadsInOrderFromTheFirst) {
  RecentReads reads;
  EXPECT_EQ(note(reads, 0), "new");
  EXPECT_EQ(note(reads, kRequest), "forward 2");
  EXPECT_EQ(note(reads, 2 * kRequest), "forward 3");
}

TEST(RecentReads, KnowReadsBackward) {
  RecentReads reads;
  EXPECT_EQ(note(reads, 90 * kRequest), "new");
  EXPECT_EQ(note(reads, 89 * kRequest), "backward 2");
  EXPECT_EQ(note(reads, 88 * kRequest), "backward 3");
  EXPECT_EQ(note(reads, 91 * kRequest), "forward 4");
}

TEST(RecentReads, OverlookTheDisorderOfReadAhead) {
  RecentReads reads;
  std::mt19937 random(1);
  std::vector<Index> order;
  for (Index i = 0; i < 400; ++i) order.push_back(i * kRequest);
  for (auto at = order.begin(); at + 3 < order.end(); at += 3) std::shuffle(at, at + 3, random);
  for (std::size_t i = 0; i < order.size(); ++i) {
    const std::string verdict = note(reads, order[i]);
    EXPECT_EQ(verdict == "new", i == 0);
    if (i > 2) {
      EXPECT_EQ(verdict, "forward " + std::to_string(i + 1));
    }
  }
}

TEST(RecentReads, AreNotFooledByReadsHereAndThere) {
  RecentReads reads;
  std::mt19937_64 random(1);
  int continued = 0;
  for (int i = 0; i < 10'000; ++i) {
    continued += reads.note(static_cast<Index>(random() % (1u << 31)) & ~4095, 1 << 12).continues ? 1 : 0;
  }
  EXPECT_LT(continued, 10);
}

TEST(RecentReads, ForgetWhereAReaderHasBeen) {
  RecentReads reads;
  for (Index i = 0; i < 1000; ++i) note(reads, i * kRequest);
  EXPECT_EQ(note(reads, 10 * kRequest), "new") << "far behind where it is now";
  EXPECT_EQ(note(reads, 1000 * kRequest), "forward 1001");
}

TEST(RecentReads, TellSeveralReadersApart) {
  RecentReads reads;
  for (Index reader = 0; reader < 8; ++reader) EXPECT_EQ(note(reads, reader << 30), "new");
  for (Index i = 1; i < 5; ++i) {
    for (Index reader = 0; reader < 8; ++reader) {
      EXPECT_EQ(note(reads, (reader << 30) + i * kRequest), "forward " + std::to_string(i + 1));
    }
  }
  // A ninth takes the place of the one that has not been back for longest.
  EXPECT_EQ(note(reads, Index{9} << 30), "new");
  EXPECT_EQ(note(reads, (Index{7} << 30) + 5 * kRequest), "forward 6");
  EXPECT_EQ(note(reads, 5 * kRequest), "new");
}

TEST(RecentReads, MeasureByTheLengthOfTheRead) {
  RecentReads reads;
  note(reads, 0, 4096);
  EXPECT_EQ(note(reads, 4096 + 3 * 4096, 4096), "new") << "so small a read would have come on its own";
  EXPECT_NE(note(reads, 4096 + kRequest, kRequest), "new");
}

TEST(RecentReads, CanBeForgotten) {
  RecentReads reads;
  note(reads, 0);
  reads.forget();
  EXPECT_EQ(note(reads, kRequest), "new");
}

}  // namespace
}  // namespace ndcat
