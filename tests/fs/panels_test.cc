// Panels as a snapshot uses them. Arrays are C-ordered sources, shown in F order.
#include "fs/files/panels.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/mman.h>

#include <chrono>
#include <random>
#include <thread>

#include "fs/files/clocks.h"
#include "fs/files/descriptor.h"
#include "tests/fs/made_snapshot.h"
#include "tests/fs/temp_folder.h"

namespace ndcat {
namespace {

using testing::made_context;
using testing::make_snapshot;
using testing::overwrite;
using testing::pattern;
using testing::read_text;
using testing::TempFolder;

constexpr Mechanisms kForced{.panels = Use::always}, kWithout{.panels = Use::never};
constexpr Index kMebi = Index{1} << 20;
constexpr Index kRequest = Index{128} << 10;
const Dtype kF8 = Dtype::simple(Kind::floating, 8);

std::string turned(const std::string& bytes, Index rows, Index columns, std::size_t itemsize) {
  std::string result;
  for (Index column = 0; column < columns; ++column) {
    for (Index row = 0; row < rows; ++row)
      result += bytes.substr(static_cast<std::size_t>(row * columns + column) * itemsize, itemsize);
  }
  return result;
}

/// Two panels of 4 MiB, when nothing is forced.
struct TwoPanels {
  TwoPanels() {
    temp.write("a.raw", bytes);
    snapshot = make_snapshot(context, {{temp / "a.raw", {1024, 1024}}}, kF8, Order::f);
  }
  std::string read(Index begin, Index length = kRequest) const {
    return read_text(*snapshot, begin, static_cast<std::size_t>(length));
  }
  [[nodiscard]] std::string expected(Index begin, Index length = kRequest) const {
    return whole.substr(static_cast<std::size_t>(begin), static_cast<std::size_t>(length));
  }
  [[nodiscard]] std::size_t held() const { return context.panels->held(); }

  TempFolder temp;
  std::string bytes = pattern(8 * kMebi);
  std::string whole = turned(bytes, 1024, 1024, 8);
  CatalogContext context = made_context();
  std::unique_ptr<FileSnapshot> snapshot;
};

TEST(Panels, AreBuiltForReadsInOrder) {
  const TwoPanels file;
  EXPECT_EQ(file.read(0), file.expected(0));
  EXPECT_EQ(file.held(), 0U);
  EXPECT_EQ(file.read(kRequest), file.expected(kRequest));
  EXPECT_EQ(file.held(), 4U * kMebi);
  for (Index begin = 0; begin < 8 * kMebi; begin += kRequest) {
    ASSERT_EQ(file.read(begin), file.expected(begin)) << begin;
  }
  EXPECT_EQ(file.held(), 8U * kMebi);
}

TEST(Panels, AreBuiltForReadsInBackwardOrder) {
  const TwoPanels file;
  for (Index begin = 8 * kMebi - kRequest; begin >= 0; begin -= kRequest) {
    ASSERT_EQ(file.read(begin), file.expected(begin)) << begin;
  }
  EXPECT_EQ(file.held(), 8U * kMebi);
}

TEST(Panels, AreNotBuiltForReadsThatStandAlone) {
  const TwoPanels file;
  for (const Index begin : {Index{0}, 2 * kMebi, 4 * kMebi, 6 * kMebi}) {
    EXPECT_EQ(file.read(begin, 4096), file.expected(begin, 4096));
  }
  EXPECT_EQ(file.held(), 0U);
}

TEST(Panels, OfAllSnapshotsShareTheirMemory) {
  const TwoPanels file;
  const auto other = make_snapshot(file.context, {{file.temp / "a.raw", {1024, 1024}}}, kF8, Order::f);
  file.read(0);
  file.read(kRequest);
  EXPECT_EQ(read_text(*other, 0, kRequest), file.expected(0));
  EXPECT_EQ(read_text(*other, kRequest, kRequest), file.expected(kRequest));
  EXPECT_EQ(file.held(), 8U * kMebi);
}

TEST(Panels, AreGivenBackWithTheirSnapshot) {
  TwoPanels file;
  file.read(0);
  file.read(kRequest);
  file.snapshot.reset();
  file.context.panels->trim(monotonic_clock() + 1);
  EXPECT_EQ(file.held(), 0U);
}

TEST(Panels, ArePreparedForWhoReadsOn) {
  const TwoPanels file;
  file.snapshot->prepare();
  EXPECT_EQ(file.held(), 0U);
  for (Index begin = 0; begin < kMebi; begin += kRequest) file.read(begin);
  EXPECT_EQ(file.held(), 4U * kMebi);
  file.snapshot->prepare();
  EXPECT_EQ(file.held(), 8U * kMebi);
  EXPECT_EQ(file.read(4 * kMebi), file.expected(4 * kMebi));
  EXPECT_EQ(file.held(), 8U * kMebi);
}

TEST(Panels, AnswerWithoutACopy) {
  const TwoPanels file;
  std::string room(kRequest, '?');
  const std::span<std::byte> bytes = std::as_writable_bytes(std::span(room));
  const auto read_in_place = [&](Index begin) {
    const auto result = file.snapshot->read_in_place(VirtualKind::raw, begin, bytes);
    const BytesRead& read = std::get<BytesRead>(result);
    EXPECT_EQ(std::string(reinterpret_cast<const char*>(read.bytes.data()), read.bytes.size()),
              file.expected(begin, std::min(kRequest, 8 * kMebi - begin)));
    return read.bytes.data() != bytes.data();
  };
  EXPECT_FALSE(read_in_place(0)) << "there is no panel yet";
  EXPECT_TRUE(read_in_place(kRequest));
  EXPECT_FALSE(read_in_place(4 * kMebi - 1)) << "across the end of a panel";
  EXPECT_TRUE(read_in_place(100));
}

TEST(Panels, OfAnySizeGiveTheSameBytes) {
  TempFolder temp;
  const Index rows = 70, columns = 90;
  const std::string a = pattern(static_cast<std::size_t>(rows * columns) * 8, 1);
  temp.write("a.raw", a.substr(0, 30 * 90 * 8));
  temp.write("b.raw", a.substr(30 * 90 * 8));
  const std::string whole = turned(a, rows, columns, 8);
  for (const std::size_t memory : {0U, 15'000U, 30'000U, 60'000U, 200'000U, 10'000'000U}) {
    const auto snapshot =
        make_snapshot(made_context(100, kForced, memory),
                      {{temp / "a.raw", {30, 90}}, {temp / "b.raw", {40, 90}}}, kF8, Order::f);
    std::mt19937 random(1);
    for (int i = 0; i < 300; ++i) {
      const std::size_t begin = random() % whole.size(), length = random() % 30'000;
      ASSERT_EQ(read_text(*snapshot, static_cast<Index>(begin), length), whole.substr(begin, length))
          << begin;
      if (i % 10 == 0) snapshot->prepare();
    }
    const std::string npy = read_text(*snapshot, 0, 2 * whole.size(), VirtualKind::npy);
    EXPECT_EQ(npy.substr(npy.size() - whole.size()), whole);
  }
}

/// A read fails only where its own bytes cannot be had, though the panel holds more.
TEST(Panels, ThatCannotBeBuiltFailNoReads) {
  for (const Mechanisms& mechanisms : {Mechanisms{}, kForced, kWithout}) {
    TempFolder temp;
    const std::string bytes = pattern(4 * kMebi);
    temp.write("a.raw", bytes);
    temp.write("b.raw", bytes);
    const CatalogContext context = made_context(100, mechanisms);
    const auto snapshot =
        make_snapshot(context, {{temp / "a.raw", {512, 1024}}, {temp / "b.raw", {512, 1024}}}, kF8, Order::f);
    std::filesystem::resize_file(temp / "b.raw", 1000);
    const std::string whole = turned(bytes, 512, 1024, 8);
    const std::string truncated = "ESTALE all.json: source " + temp / "b.raw" + ": was truncated";
    for (std::size_t line = 0; line < 8; ++line) {
      EXPECT_EQ(read_text(*snapshot, static_cast<Index>(line) * 8192, 4096), whole.substr(line * 4096, 4096));
      EXPECT_EQ(read_text(*snapshot, static_cast<Index>(line) * 8192 + 4096, 4096).find(truncated), 0U);
    }
    context.panels->trim(monotonic_clock() + 1);
    EXPECT_EQ(context.panels->held(), 0U);
  }
}

TEST(Panels, SeeWhatIsWrittenInPlace) {
  TwoPanels file;
  file.read(0);
  file.read(kRequest);
  overwrite(file.temp / "a.raw", 0, "NEW BYTE");
  file.whole.replace(0, 8, "NEW BYTE");
  EXPECT_EQ(file.read(0), file.expected(0));
  EXPECT_EQ(file.read(kRequest), file.expected(kRequest));
}

/// A file written to through a map shows the first change in its times, and the next ones when it is flushed.
class WrittenThroughAMap {
 public:
  explicit WrittenThroughAMap(const std::string& path)
      : file_(::open(path.c_str(), O_RDWR | O_CLOEXEC)),
        map_(static_cast<char*>(::mmap(nullptr, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, file_.get(), 0))) {}
  ~WrittenThroughAMap() { ::munmap(map_, 4096); }
  WrittenThroughAMap(const WrittenThroughAMap&) = delete;
  WrittenThroughAMap& operator=(const WrittenThroughAMap&) = delete;
  void write(char value) { *static_cast<volatile char*>(map_) = value; }

 private:
  Descriptor file_;
  char* map_;
};

struct ChangedUnseen {
  explicit ChangedUnseen(Nanoseconds settle) {
    temp.write("a.raw", pattern(100'000));
    CatalogContext context = made_context(100, kForced);
    context.settle = settle;
    WrittenThroughAMap map(temp / "a.raw");
    map.write('1');
    snapshot = make_snapshot(context, {{temp / "a.raw", {100'000}}}, Dtype::simple(Kind::bytes, 1));
    EXPECT_EQ(read(), "1");
    map.write('2');
  }
  [[nodiscard]] std::string read() const { return read_text(*snapshot, 0, 1); }
  TempFolder temp;
  std::unique_ptr<FileSnapshot> snapshot;
};

constexpr Nanoseconds kMinute = 60'000'000'000;

TEST(Panels, AreForgottenForWhoOpensTheFileLater) {
  const ChangedUnseen file(kMinute);
  file.snapshot->forget_what_was_read();
  EXPECT_EQ(file.read(), "2");
}

TEST(Panels, OfFilesChangedLatelyAreNotUsedForLong) {
  const ChangedUnseen file(kMinute);
  const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(60);
  while (file.read() != "2") {
    ASSERT_LT(std::chrono::steady_clock::now(), end);
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
}

/// Readers in order, from several places at once, with too little memory for all, while a source is written.
TEST(Panels, ServeManyThreads) {
  TempFolder temp;
  constexpr Index kRows = 96, kColumns = 2048;
  const std::string bytes = pattern(kRows * kColumns * 8);
  temp.write("a.raw", bytes);
  const std::string whole = turned(bytes, kRows, kColumns, 8);
  for (const Mechanisms& mechanisms : {Mechanisms{}, kForced}) {
    const CatalogContext context = made_context(100, mechanisms, 800'000);
    const auto snapshot = make_snapshot(context, {{temp / "a.raw", {kRows, kColumns}}}, kF8, Order::f);
    std::vector<std::jthread> threads;
    for (unsigned seed = 0; seed < 4; ++seed) {
      threads.emplace_back([&, seed] {
        constexpr std::size_t kLength = 20'000;
        for (unsigned round = 0; round < 3; ++round) {
          for (std::size_t begin = seed / 2 * 700'000; begin < whole.size(); begin += kLength) {
            ASSERT_EQ(read_text(*snapshot, static_cast<Index>(begin), kLength), whole.substr(begin, kLength));
            snapshot->prepare();
          }
          if (seed == 3) snapshot->forget_what_was_read();
        }
      });
    }
    for (std::size_t begin = 0; begin < 20'000; begin += 1000) {
      overwrite(temp / "a.raw", static_cast<std::streamoff>(begin), bytes.substr(begin, 1000));
    }
    threads.clear();
    EXPECT_LE(context.panels->held(), 800'000U);
  }
}

/// Every byte read is the file's or the read fails, whatever panels hold.
TEST(Panels, TruncationUnderReadersGivesErrorsAndNeverZeros) {
  TempFolder temp;
  const std::string bytes = pattern(4'000'000);
  temp.write("a.raw", bytes);
  const auto snapshot =
      make_snapshot(made_context(100, kForced), {{temp / "a.raw", {500, 1000}}}, kF8, Order::f);
  const std::string whole = turned(bytes, 500, 1000, 8);
  std::atomic<bool> done{false};
  std::atomic<int> good{0}, failed{0};
  std::vector<std::jthread> readers;
  for (unsigned seed = 0; seed < 3; ++seed) {
    readers.emplace_back([&, seed] {
      for (unsigned i = seed; !done; i += 7) {
        const std::size_t offset = i * 4099u % whole.size(), length = 10'000;
        const std::string text = read_text(*snapshot, static_cast<Index>(offset), length);
        if (text.starts_with("ESTALE all.json: source ")) {
          ++failed;
        } else {
          EXPECT_TRUE(text == whole.substr(offset, length)) << "wrong bytes at " << offset;
          ++good;
        }
      }
    });
  }
  while (good < 20) std::this_thread::yield();
  for (std::size_t size = bytes.size(); size > 2'000'000; size -= 170'001) {
    std::filesystem::resize_file(temp / "a.raw", size);
    std::this_thread::sleep_for(std::chrono::milliseconds(2));
  }
  while (failed < 20) std::this_thread::yield();
  done = true;
}

}  // namespace
}  // namespace ndcat
