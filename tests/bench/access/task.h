#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace bench {

using Clock = std::chrono::steady_clock;

constexpr std::size_t kPage = 4096;
constexpr std::size_t kItem = 8;
/// Bytes of a map from one look at the clock to the next.
constexpr std::size_t kBetweenLooks = std::size_t{1} << 20;

/// The ways in which programs touch a file.
enum class Pattern {
  read,         ///< read() in order, `chunk` bytes a call
  map,          ///< every byte of a map in order
  pread_page,   ///< pread() of 4 KiB at random places, each timed
  map_page,     ///< every byte of 4 KiB of a map at random places, each timed
  map_column,   ///< one item of 8 bytes every `stride` bytes of a map, in order
  write,        ///< write() in order, `chunk` bytes a call
  fill,         ///< every byte of a map in order, then msync()
  pwrite_page,  ///< pwrite() of 4 KiB at random places, each timed
  fill_column,  ///< one item of 8 bytes every `stride` bytes of a map, in order, then msync()
  append,       ///< write() of `chunk` bytes to the end of the file, `count` times, then fsync()
};

constexpr bool writes(Pattern pattern) { return pattern >= Pattern::write; }

struct Task {
  Pattern pattern = Pattern::read;
  std::size_t chunk = std::size_t{1} << 20;   ///< bytes
  std::size_t stride = std::size_t{1} << 15;  ///< bytes
  std::size_t offset = 0;                     ///< bytes in front of the first item of the column
  std::size_t count = 1000;                   ///< random places of each worker, or appended chunks
  std::uint64_t seed = 1;                     ///< of the random places, and of what is written
};

/// The part of the file that one worker goes through, in bytes.
struct Share {
  std::size_t begin = 0;
  std::size_t end = 0;
};

/// What one worker did.
struct Tally {
  std::size_t bytes = 0;
  std::size_t touches = 0;           ///< calls, or items of a column
  std::vector<double> microseconds;  ///< of each random touch
  std::uint64_t checksum = 0;        ///< keeps the compiler from leaving the reads out
};

}  // namespace bench
