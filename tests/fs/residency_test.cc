#include "fs/files/residency.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <functional>
#include <string>
#include <thread>

#include "fs/files/descriptor.h"
#include "tests/fs/cold_files.h"
#include "tests/fs/temp_folder.h"

namespace ndcat {
namespace {

using testing::make_cold;
using testing::TempFolder;

constexpr Index kSize = (Index{4} << 20) + 100;

/// A file on a disk, mapped, of which nothing is resident at first.
class ResidencyTest : public ::testing::Test {
 protected:
  ResidencyTest() {
    path_ = folder_.write("a.raw", std::string(kSize, 'x'));
    make_cold(path_);
    fd_ = Descriptor(::open(path_.c_str(), O_RDONLY | O_CLOEXEC));
    EXPECT_EQ(::posix_fadvise(fd_.get(), 0, 0, POSIX_FADV_RANDOM),
              0);  // reading brings in what is read, and no more
    void* const map = ::mmap(nullptr, kSize, PROT_READ, MAP_SHARED, fd_.get(), 0);
    EXPECT_NE(map, MAP_FAILED);
    map_ = static_cast<const std::byte*>(map);
  }
  ~ResidencyTest() override { ::munmap(const_cast<std::byte*>(map_), kSize); }

  void bring_in(Index offset, Index length) const {
    std::string bytes(static_cast<std::size_t>(length), '\0');
    ASSERT_EQ(::pread(fd_.get(), bytes.data(), bytes.size(), offset), length);
  }
  [[nodiscard]] Residency of(Index offset, Index length) const {
    return residency(fd_.get(), map_, offset, length);
  }
  [[nodiscard]] Residency by_cachestat(Index offset, Index length) const {
    return residency_by_cachestat(fd_.get(), offset, length);
  }
  [[nodiscard]] Residency by_mincore(Index offset, Index length) const {
    return residency_by_mincore(fd_.get(), map_, offset, length);
  }

  TempFolder folder_{testing::folder_on_disk()};
  std::string path_;
  Descriptor fd_;
  const std::byte* map_ = nullptr;
};

TEST_F(ResidencyTest, WhatWasReadIsResidentAndTheRestIsNot) {
  EXPECT_EQ(of(0, kSize), Residency::none);
  bring_in(Index{1} << 20, 65536);
  EXPECT_EQ(of(0, kSize), Residency::part);
  EXPECT_EQ(of(Index{1} << 20, 65536), Residency::all);
  EXPECT_EQ(of((Index{1} << 20) - 1, 65536), Residency::part);
  EXPECT_EQ(of((Index{1} << 20) + 65535, 2), Residency::part);
  EXPECT_EQ(of((Index{1} << 20) + 65535, 1), Residency::all);
  EXPECT_EQ(of((Index{2} << 20), 4096), Residency::none);
}

TEST_F(ResidencyTest, TheLastPageCountsWhole) {
  bring_in(kSize - 1, 1);
  EXPECT_EQ(of(kSize - 100, 100), Residency::all);
  EXPECT_EQ(of(kSize - 101, 101), Residency::part);
}

TEST_F(ResidencyTest, BothWaysOfAskingAgree) {
  bring_in(Index{1} << 20, 1 << 20);
  // Older kernels do not have it, and a file on overlayfs keeps its pages elsewhere.
  const bool has_cachestat = by_cachestat(1 << 20, 1) == Residency::all;
  const struct {
    Index offset, length;
    Residency expected;
  } cases[] = {{0, kSize, Residency::part},
               {0, 1 << 20, Residency::none},
               {1 << 20, 1 << 20, Residency::all},
               {(1 << 20) + 5, 3, Residency::all},
               {(2 << 20) - 1, 2, Residency::part}};
  for (const auto& [offset, length, expected] : cases) {
    EXPECT_EQ(by_mincore(offset, length), expected) << offset << "+" << length;
    if (!has_cachestat) continue;
    EXPECT_EQ(by_cachestat(offset, length), expected) << offset << "+" << length;
  }
}

TEST_F(ResidencyTest, AskingBringsNothingIn) {
  EXPECT_EQ(of(0, kSize), Residency::none);
  EXPECT_EQ(by_mincore(0, kSize), Residency::none);
  EXPECT_EQ(of(0, kSize), Residency::none);
}

/// Runs `body` in a thread that is no root (others are none anyway).
void as_ordinary_user(const std::function<void()>& body) {
  std::thread([&] {
    // The system call itself changes this thread only.
    if (::geteuid() == 0) {
      ASSERT_EQ(::syscall(SYS_setresuid, -1, 65534, -1), 0);
    }
    body();
  }).join();
}

TEST(ResidencyOfOthersFiles, MincoreIsNotBelievedWhereItSaysAllToEveryone) {
  const Descriptor fd(::open("/bin/sh", O_RDONLY | O_CLOEXEC));
  void* const map = ::mmap(nullptr, 4096, PROT_READ, MAP_SHARED, fd.get(), 0);
  ASSERT_NE(map, MAP_FAILED);
  as_ordinary_user([&] {
    EXPECT_EQ(residency_by_mincore(fd.get(), static_cast<const std::byte*>(map), 0, 4096),
              Residency::unknown);
  });
  ::munmap(map, 4096);
}

TEST_F(ResidencyTest, OfALongRangeNothingIsSaid) {
  EXPECT_EQ(of(0, kLongestResidency + 1), Residency::unknown);
}

TEST(ResidencyErrors, OfNoFileNothingIsSaid) { EXPECT_EQ(residency(-1, nullptr, 0, 1), Residency::unknown); }

}  // namespace
}  // namespace ndcat
