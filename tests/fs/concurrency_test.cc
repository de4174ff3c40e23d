// Readers in several threads while files change under them. Meant for the sanitizers as much as for what it
// asserts.
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/wait.h>

#include <atomic>
#include <thread>

#include "fs/files/catalog.h"
#include "tests/fs/made_snapshot.h"
#include "tests/fs/temp_folder.h"

namespace ndcat {
namespace {

using testing::pattern;
using testing::read_text;
using testing::TempFolder;

const Dtype kByte = Dtype::simple(Kind::unsigned_integer, 1);
constexpr std::size_t kMebi = std::size_t{1} << 20;

/// Every byte read is the file's or the read fails: a file is truncated while it is read in some way.
class TruncationUnderReaders : public ::testing::TestWithParam<Mechanisms> {};

TEST_P(TruncationUnderReaders, GivesErrorsAndNeverZeros) {
  TempFolder temp;
  const std::string bytes = pattern(2 * kMebi + 100);
  temp.write("a.raw", bytes);
  const auto snapshot = testing::make_snapshot({{temp / "a.raw", {static_cast<Index>(bytes.size())}}}, kByte,
                                               100, Order::c, GetParam());
  std::atomic<bool> done{false};
  std::atomic<int> good{0}, failed{0};
  std::vector<std::jthread> readers;
  for (unsigned seed = 0; seed < 3; ++seed) {
    readers.emplace_back([&, seed] {
      for (unsigned i = seed; !done; i += 7) {
        const std::size_t offset = i * 4099u % bytes.size(), length = 100'000;
        const std::string text = read_text(*snapshot, static_cast<Index>(offset), length);
        if (text.starts_with("ESTALE all.json: source ")) {
          ++failed;
        } else {
          EXPECT_TRUE(text == bytes.substr(offset, length)) << "wrong bytes at " << offset;
          ++good;
        }
      }
    });
  }
  // Truncated for good, at last within a page: what was cut off never comes back, so zeros cannot be in-place
  // changes.
  while (good < 20) std::this_thread::yield();
  for (std::size_t size = bytes.size(); size > kMebi; size -= 70'001) {
    std::filesystem::resize_file(temp / "a.raw", size);
    std::this_thread::sleep_for(std::chrono::milliseconds(2));
  }
  while (failed < 20) std::this_thread::yield();
  done = true;
  readers.clear();
  EXPECT_GT(good, 0);
}

INSTANTIATE_TEST_SUITE_P(EachWay, TruncationUnderReaders,
                         ::testing::Values(Mechanisms{}, Mechanisms{.maps = Use::never},
                                           Mechanisms{.prefetch = Use::always, .drop_behind = Use::always}));

TEST(Concurrency, ReadersShareAFewHandles) {
  TempFolder temp;
  std::vector<testing::MadeSource> sources;
  std::string whole;
  for (unsigned i = 0; i < 60; ++i) {
    const std::string bytes = pattern(i % 5 == 0 ? kMebi : 500, i);
    sources.push_back({temp.write("s" + std::to_string(i), bytes), {static_cast<Index>(bytes.size())}});
    whole += bytes;
  }
  const auto snapshot = testing::make_snapshot(sources, kByte, 2);
  std::vector<std::jthread> readers;
  for (unsigned seed = 0; seed < 4; ++seed) {
    readers.emplace_back([&, seed] {
      for (unsigned i = 0; i < 100; ++i) {
        const std::size_t offset = (seed * 31 + i * 7919) * 997u % whole.size();
        ASSERT_TRUE(read_text(*snapshot, static_cast<Index>(offset), 5000) == whole.substr(offset, 5000))
            << offset;
      }
    });
  }
}

TEST(Concurrency, QuestionsWhileManifestsAndSourcesChange) {
  TempFolder temp;
  temp.write("m/a.raw", "1111");
  temp.write("m/all.json", R"({"concatenate": [{"path": "a.raw", "dtype": "u1", "shape": [-1]}]})");
  Result<std::unique_ptr<Catalog>> catalog = Catalog::open(temp / "m", {});
  ASSERT_TRUE(catalog.ok());
  std::atomic<bool> done{false};
  std::atomic<int> answers{0};
  std::vector<std::jthread> askers;
  for (int i = 0; i < 3; ++i) {
    askers.emplace_back([&] {
      while (!done) {
        const auto found = (*catalog)->find("", "all.raw");
        if (const auto* entry = std::get_if<CatalogEntry>(&found)) {
          const std::string text = read_text(*entry->snapshot, 0, 100);
          const bool is_one_version =
              text.size() <= 4 && text.find_first_not_of(text.substr(0, 1)) == std::string::npos;
          EXPECT_TRUE(is_one_version || text.starts_with("ESTALE ")) << text;
          (*catalog)->is_current(*entry->snapshot);
          (*catalog)->may_keep_cache(*entry->snapshot, VirtualKind::npy);
        }
        (*catalog)->list("");
        ++answers;
      }
    });
  }
  for (int round = 0; round < 60 || answers < 100; ++round) {
    temp.replace("m/a.raw",
                 std::string(static_cast<std::size_t>(round % 4 + 1), static_cast<char>('1' + round % 9)));
    if (round % 7 == 0) temp.replace("m/extra.json", round % 2 == 0 ? "{" : R"({"path": "a.raw"})");
  }
  done = true;
  askers.clear();
  const auto last = (*catalog)->find("", "all.raw");
  ASSERT_TRUE(std::holds_alternative<CatalogEntry>(last));
}

/// A process of its own, because its limits cannot be raised again.
TEST(Limits, ThousandsOfSourcesWithFewDescriptors) {
  TempFolder temp;
  constexpr int kCount = 3000;
  std::string whole;
  for (int i = 0; i < kCount; ++i) {
    const std::string bytes = std::to_string(i) + ",";
    temp.write("m/s" + std::to_string(i) + ".raw", bytes);
    whole += bytes;
  }
  temp.write("m/all.json", R"({"concatenate": ["*.raw"], "defaults": {"dtype": "u1", "shape": [-1]}})");
  const pid_t child = ::fork();
  ASSERT_GE(child, 0);
  if (child == 0) {
    const rlimit few = {64, 64};
    ::setrlimit(RLIMIT_NOFILE, &few);
    Result<std::unique_ptr<Catalog>> catalog = Catalog::open(temp / "m", {});
    if (!catalog.ok()) ::_exit(2);
    std::atomic<int> wrong{0};
    {
      std::vector<std::jthread> readers;
      for (int i = 0; i < 4; ++i) {
        readers.emplace_back([&] {
          const auto found = (*catalog)->find("", "all.raw");
          const auto* entry = std::get_if<CatalogEntry>(&found);
          if (entry == nullptr || read_text(*entry->snapshot, 0, whole.size() + 1) != whole) ++wrong;
        });
      }
    }
    ::_exit(wrong == 0 ? 0 : 1);
  }
  int status = 0;
  ASSERT_EQ(::waitpid(child, &status, 0), child);
  EXPECT_TRUE(WIFEXITED(status));
  EXPECT_EQ(WEXITSTATUS(status), 0);
}

}  // namespace
}  // namespace ndcat
