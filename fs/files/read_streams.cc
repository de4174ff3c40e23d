#include "fs/files/read_streams.h"

#include <algorithm>
#include <cstdlib>
#include <optional>
#include <utility>

namespace ndcat {
namespace {

/// Random reads of the kernel's 128 KiB are no stream; two that meet may be one.
constexpr Index kShortestStream = Index{256} << 10;
constexpr std::size_t kMostOwned = 4096;

Index begin_of(ByteRange range) { return static_cast<Index>(range.begin); }
Index end_of(ByteRange range) { return begin_of(range) + range.length; }

}  // namespace

void ReadStreams::Stream::extend(Index read_begin, Index read_end) {
  covered = std::min(covered + read_end - read_begin, std::max(end, read_end) - begin);
  end = std::max(end, read_end);
}

bool ReadStreams::Stream::is_sequential() const {
  return covered >= kShortestStream && covered >= (end - begin) / 16 * 15;
}

void ReadStreams::Stream::own(Index until, const std::vector<SourcePages>& pages) {
  for (const SourcePages& some : pages) owned.push_back({until, some});
  // What is forgotten stays in memory until the system needs the room.
  if (owned.size() > kMostOwned) owned.erase(owned.begin(), owned.end() - kMostOwned);
}

/// How far from where the stream ended a read begins; nothing when it belongs elsewhere. A read that fills a
/// gap is nearest of all.
std::optional<Index> ReadStreams::Stream::distance(Index read_begin) const {
  if (number == 0 || read_begin < begin) return std::nullopt;
  const Index distance = std::abs(read_begin - end);
  if (distance > kDisorder) return std::nullopt;
  const bool fills_gap = read_begin < end && covered < end - begin;
  return fills_gap ? 0 : distance;
}

ReadStreams::Stream& ReadStreams::stream_of(Index read_begin) {
  Stream* nearest = nullptr;
  Stream* oldest = streams_.data();
  std::optional<Index> least;
  for (Stream& stream : streams_) {
    if (stream.last_read < oldest->last_read) oldest = &stream;
    const std::optional<Index> distance = stream.distance(read_begin);
    if (!distance || (least && *distance >= *least)) continue;
    nearest = &stream;
    least = distance;
  }
  if (nearest != nullptr) return *nearest;
  *oldest = Stream();
  oldest->number = reads_;
  oldest->begin = oldest->end = read_begin;
  return *oldest;
}

ByteRange ReadStreams::ahead_of(const Stream& stream) const {
  if (!stream.is_sequential()) return {};
  const Index from = std::max(stream.end, stream.ahead);
  const Index window = std::min(kLongestAhead, stream.covered / 2);
  const Index end = std::min(size_, stream.end + window);
  // A quarter of the window at a time: the disk is kept busy, and the reader seldom bothered.
  if (end - from < window / 4 && end < size_) return {};
  return {.begin = VirtualOffset{from}, .length = std::max<Index>(0, end - from)};
}

std::vector<SourcePages> ReadStreams::behind(Stream& stream) const {
  std::vector<SourcePages> pages;
  if (!stream.is_sequential() && lag_ > 0) return pages;
  auto done = stream.owned.begin();
  for (; done != stream.owned.end() && done->until <= stream.end - lag_; ++done) pages.push_back(done->pages);
  stream.owned.erase(stream.owned.begin(), done);
  return pages;
}

ReadStreams::Next ReadStreams::next(ByteRange read, BroughtIn brought_in) {
  const std::lock_guard lock(mutex_);
  ++reads_;
  Stream& stream = stream_of(begin_of(read));
  stream.last_read = reads_;
  Next next{.stream = stream.number, .ahead = {}, .behind = behind(stream)};
  const bool comes_from_disk = brought_in.was_cold || begin_of(read) < stream.ahead;
  stream.extend(begin_of(read), end_of(read));
  stream.own(end_of(read), brought_in.owned);
  if (comes_from_disk) next.ahead = ahead_of(stream);
  if (next.ahead.length > 0) stream.ahead = end_of(next.ahead);
  return next;
}

void ReadStreams::was_read_ahead(std::uint64_t number, ByteRange ahead, BroughtIn brought_in) {
  const std::lock_guard lock(mutex_);
  const auto stream = std::find_if(streams_.begin(), streams_.end(),
                                   [number](const Stream& one) { return one.number == number; });
  if (stream == streams_.end()) return;
  stream->own(end_of(ahead), brought_in.owned);
  // What follows is in memory already: nothing more is read ahead until a read meets a disk again.
  if (!brought_in.was_cold && stream->ahead == end_of(ahead)) stream->ahead = 0;
}

}  // namespace ndcat
