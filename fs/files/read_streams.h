// ReadStreams: which reads of a virtual file continue each other, how far ahead of them sources are worth
// reading, and which pages behind them are done with.
//
// Requests of one reader come nearly in order: several are under way at once, each in a thread of its own. So
// a stream is a place where reads went on without leaving gaps, give or take kDisorder bytes. What is read
// ahead grows with what was read. Positions are bytes of the array. Decides only, does nothing itself.
// Thread-safe.
#pragma once

#include <array>
#include <cstdint>
#include <mutex>
#include <optional>
#include <vector>

#include "core/layout/file_layout.h"
#include "fs/files/source_pages.h"

namespace ndcat {

class ReadStreams {
 public:
  static constexpr Index kDisorder = Index{2} << 20;
  static constexpr Index kLongestAhead = Index{8} << 20;
  /// What is given back was read so many bytes ago. Dropping the pages of the very request hardly works:
  /// others are just reading next to them.
  static constexpr Index kLag = Index{32} << 20;

  /// Of an array of `size` bytes; `lag` is kLag or, for tests, less.
  ReadStreams(Index size, Index lag) : size_(size), lag_(lag) {}

  /// What came of having bytes of sources brought in.
  struct BroughtIn {
    bool was_cold = false;           // some of them were not in memory
    std::vector<SourcePages> owned;  // these nobody but this process brought in
  };
  struct Next {
    std::uint64_t stream = 0;         // its number, for was_read_ahead()
    ByteRange ahead;                  // to be read ahead now; often nothing
    std::vector<SourcePages> behind;  // to be given back now
  };
  /// A read is about to be served.
  Next next(ByteRange read, BroughtIn brought_in);
  /// `ahead`, which next() asked for, was brought in.
  void was_read_ahead(std::uint64_t stream, ByteRange ahead, BroughtIn brought_in);

 private:
  struct Owned {
    Index until = 0;  // the end of the read for which they were brought in
    SourcePages pages;
  };
  struct Stream {
    std::uint64_t number = 0;     // 0: none yet
    std::uint64_t last_read = 0;  // counted in reads of the file
    Index begin = 0, end = 0;     // of what was read
    Index covered = 0;            // less than all of that while earlier requests are under way
    Index ahead = 0;              // it was read ahead up to here, if that lies beyond `end`
    std::vector<Owned> owned;     // oldest first

    void extend(Index read_begin, Index read_end);
    [[nodiscard]] std::optional<Index> distance(Index read_begin) const;
    [[nodiscard]] bool is_sequential() const;
    void own(Index until, const std::vector<SourcePages>& pages);
  };

  Stream& stream_of(Index read_begin);
  [[nodiscard]] ByteRange ahead_of(const Stream& stream) const;
  [[nodiscard]] std::vector<SourcePages> behind(Stream& stream) const;

  const Index size_, lag_;
  std::mutex mutex_;
  std::uint64_t reads_ = 0;
  std::array<Stream, 8> streams_;
};

}  // namespace ndcat
